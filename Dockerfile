# Two stages: one installs what the lock file says, the other runs it, as nobody in particular and without a compiler.
FROM python:3.12-slim-bookworm AS builder

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_NO_INPUT=1

RUN python -m venv /app

# The packages first: this layer stays as long as the lock file does.
WORKDIR /build
COPY requirements.lock ./
RUN /app/bin/python -m pip install --no-cache-dir --require-hashes --requirement requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY adapters adapters
COPY storage storage
COPY migrations migrations
# Building is over after this line, so what only builds is taken out again.
RUN /app/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /app/bin/python -m pip uninstall --yes hatchling pathspec pluggy tomlkit trove-classifiers pip

FROM python:3.12-slim-bookworm

LABEL org.opencontainers.image.title="twoyes" \
      org.opencontainers.image.description="A double-opt-in referral bot for networking groups" \
      org.opencontainers.image.licenses="MIT"

RUN groupadd --gid 10001 twoyes \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin twoyes \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data

COPY --from=builder /app /app

ENV PATH=/app/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite:////data/twoyes.db \
    TWOYES_HEALTH_HOST=127.0.0.1 \
    TWOYES_HTTP_HOST=0.0.0.0

WORKDIR /data
VOLUME ["/data"]
# Only for Slack over HTTP: a proxy with TLS goes in front. The local room is not for containers: it listens on loopback alone.
EXPOSE 3000
USER 10001:10001

# `serve` stops its intake, drains what is due and closes; give it the time (`docker stop --time 30`).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]

ENTRYPOINT ["twoyes"]
CMD ["serve"]
