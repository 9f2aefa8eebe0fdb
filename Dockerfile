# syntax=docker/dockerfile:1

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/verbatim
WORKDIR /build
# The layer that is large and seldom changes: torch for CPUs, without the libraries for GPUs.
COPY constraints.txt ./
RUN /opt/verbatim/bin/pip install --extra-index-url https://download.pytorch.org/whl/cpu \
    --constraint constraints.txt torch
COPY . .
RUN /opt/verbatim/bin/pip install --constraint constraints.txt .

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 verbatim \
    && useradd --system --uid 10001 --gid verbatim --home-dir /var/lib/verbatim --create-home verbatim
COPY --from=build /opt/verbatim /opt/verbatim
COPY examples /srv/verbatim/examples
ENV PATH=/opt/verbatim/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    VERBATIM_DATA_DIR=/var/lib/verbatim \
    VERBATIM_HOST=0.0.0.0 \
    VERBATIM_LOG_FORMAT=json
WORKDIR /srv/verbatim
USER verbatim
VOLUME /var/lib/verbatim
EXPOSE 8321
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8321/livez', timeout=4)"]
ENTRYPOINT ["verbatim"]
CMD ["serve"]
