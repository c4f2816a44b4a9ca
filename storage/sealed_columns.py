"""Lists every column that a vault sealed, for `twoyes keys rotate`; a test looks for one that is missing here."""

from storage.rotation import SealedColumn
from storage.tables import ask, card, follow_up_text, installation, shown, text

SEALED_COLUMNS = (
    SealedColumn(ask.c.id, ask.c.words),
    SealedColumn(card.c.id, card.c.lines),
    SealedColumn(follow_up_text.c.id, follow_up_text.c.body),
    SealedColumn(installation.c.workspace, installation.c.secrets),
    SealedColumn(shown.c.id, shown.c.body),
    SealedColumn(text.c.id, text.c.body),
)
