"""Run by Alembic: applies the scripts on the connection that storage.migrate opened, in its transaction."""

from alembic import context


def run() -> None:
    """Apply what was asked for; storage.migrate begins, commits and looks after foreign keys."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("target_metadata"),
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
