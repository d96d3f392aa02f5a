# One node of Statehouse, from the tarball that ./scripts/package made on a Linux of the same processor. The base image needs
# glibc and bash, nothing else: Java comes with the tarball.
#
#   ./scripts/package
#   docker build --build-arg BASE_IMAGE=debian:stable-slim -t statehouse:local .
#   docker run --read-only --tmpfs /tmp -v statehouse:/var/lib/statehouse -e STATEHOUSE_INIT=1 statehouse:local
ARG BASE_IMAGE=debian:stable-slim

FROM ${BASE_IMAGE} AS unpacked
ADD target/statehouse-*-linux-*.tar.gz /opt/
# What the programs load at their start is kept once, here, so that a container does not load it anew.
RUN ln -s /opt/statehouse-* /opt/statehouse && /opt/statehouse/bin/warm && mv "$(readlink /opt/statehouse)" /opt/image

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="Statehouse" \
      org.opencontainers.image.description="A replicated, transactional, versioned and replayable state engine for agents." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=unpacked /opt/image /opt/statehouse
RUN ln -s /opt/statehouse/bin/statehoused /opt/statehouse/bin/statehousectl /usr/local/bin/ \
 && echo 'statehouse:x:10001:10001::/var/lib/statehouse:/usr/sbin/nologin' >>/etc/passwd \
 && echo 'statehouse:x:10001:' >>/etc/group \
 && mkdir -p -m 0700 /var/lib/statehouse \
 && chown 10001:10001 /var/lib/statehouse
# A number, so that an orchestrator can see that it is not root.
USER 10001:10001
# The state and RocksDB's memory outside the heap share the container with it. JAVA_TOOL_OPTIONS, which every Java reads, is
# left to whoever runs the container.
ENV STATEHOUSE_DATA_DIR=/var/lib/statehouse \
    STATEHOUSE_JVM_OPTS=-XX:MaxRAMPercentage=50 \
    LC_ALL=C.UTF-8
VOLUME /var/lib/statehouse
EXPOSE 50051 50061 3030
# Healthy = knows a leader and serves. Where callers need a certificate, give statehousectl one by its variables.
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=3 CMD ["statehousectl", "health"]
ENTRYPOINT ["statehoused"]
