# A worker on the CPU. Build in the repository's root: docker build -f docker/worker.Dockerfile -t text2video/worker .
# What it is built in, and what it runs on.
ARG MAVEN=maven:3.9.9-eclipse-temurin-17@sha256:f58d59b6273e785ac0a4477f6e9b5ba1d7731c75b906c0f7b34076f1851318cc
ARG BASE=eclipse-temurin:17.0.19_10-jre-noble@sha256:543aebd60ff1deb9e906a8d4b117a7eda68a7f8e0d71041db2b5839d7fa057b8

FROM ${MAVEN} AS build
WORKDIR /src
COPY pom.xml ./
COPY .mvn .mvn
COPY common common
COPY docker docker
COPY gateway/pom.xml gateway/
COPY worker worker
RUN --mount=type=cache,target=/m2 mvn -B -Dmaven.repo.local=/m2 -pl worker -am package -Dmaven.test.skip=true

FROM ${BASE}
WORKDIR /app
COPY models/cogvideox-tiny /models/cogvideox-tiny
COPY models/loras /models/loras
# The libraries change least often, so they come first.
COPY --from=build /src/worker/target/quarkus-app/lib lib
COPY --from=build /src/worker/target/quarkus-app/quarkus-run.jar ./
COPY --from=build /src/worker/target/quarkus-app/quarkus quarkus
COPY --from=build /src/worker/target/quarkus-app/app app
# glibc keeps blocks below 32 MiB for the next ones and gives larger ones back at once (docs/decisions/0009).
ENV WORKER_MODELS=/models/cogvideox-tiny \
    WORKER_LORAS=/models/loras \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_THRESHOLD_=33554432 \
    MALLOC_TRIM_THRESHOLD_=268435456 \
    GOMP_SPINCOUNT=1000 \
    HOME=/tmp \
    LC_ALL=C.UTF-8
USER 10001:10001
EXPOSE 8081
# The native libraries are unpacked below user.home, 0.5 GB.
ENTRYPOINT ["java", "-Duser.home=/tmp", "-Dai.djl.offline=true", "-jar", "/app/quarkus-run.jar"]
