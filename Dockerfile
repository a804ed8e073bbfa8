# Build: the locked packages and the project as a wheel, in an environment of their own.
FROM python:3.11-slim AS build
ENV UV_PYTHON_DOWNLOADS=never \
    UV_PROJECT_ENVIRONMENT=/app \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir --root-user-action=ignore "uv>=0.13,<0.14"
WORKDIR /src
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --frozen --no-install-project --extra postgres
COPY . .
RUN uv sync --frozen --no-editable --extra postgres

# Run: no compiler, no package manager of ours, no root.
FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home bildungsnavi
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH \
    PYTHONUNBUFFERED=1
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["bildungsnavi", "serve", "--host", "0.0.0.0", "--port", "8000"]
