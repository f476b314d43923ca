# Build in the repository's root: docker build -f docker/gateway.Dockerfile -t text2video/gateway .
# What it is built in, and what it runs on.
ARG MAVEN=maven:3.9.9-eclipse-temurin-17@sha256:f58d59b6273e785ac0a4477f6e9b5ba1d7731c75b906c0f7b34076f1851318cc
ARG BASE=eclipse-temurin:17.0.19_10-jre-noble@sha256:543aebd60ff1deb9e906a8d4b117a7eda68a7f8e0d71041db2b5839d7fa057b8

FROM ${MAVEN} AS build
WORKDIR /src
COPY pom.xml ./
COPY .mvn .mvn
COPY common common
COPY docker docker
COPY gateway gateway
COPY worker/pom.xml worker/
RUN --mount=type=cache,target=/m2 mvn -B -Dmaven.repo.local=/m2 -pl gateway -am package -Dmaven.test.skip=true

FROM ${BASE}
WORKDIR /app
# The libraries change least often, so they come first.
COPY --from=build /src/gateway/target/quarkus-app/lib lib
COPY --from=build /src/gateway/target/quarkus-app/quarkus-run.jar ./
COPY --from=build /src/gateway/target/quarkus-app/quarkus quarkus
COPY --from=build /src/gateway/target/quarkus-app/app app
COPY docker/gateway.jvm ./
# Arguments, paths and variables are UTF-8, whatever the base image's locale is.
ENV LC_ALL=C.UTF-8
USER 10001:10001
# The API; health and metrics.
EXPOSE 8080 8082
ENTRYPOINT ["java", "@/app/gateway.jvm", "-Duser.home=/tmp", "-jar", "/app/quarkus-run.jar"]
