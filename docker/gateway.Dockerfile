# Build in the repository's root: docker build -f docker/gateway.Dockerfile -t text2video/gateway .
FROM maven:3.9.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY pom.xml ./
COPY .mvn .mvn
COPY common common
COPY docker docker
COPY gateway gateway
COPY worker/pom.xml worker/
RUN --mount=type=cache,target=/m2 mvn -B -Dmaven.repo.local=/m2 -pl gateway -am package -Dmaven.test.skip=true

FROM eclipse-temurin:17.0.13_11-jre-noble
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
EXPOSE 8080
ENTRYPOINT ["java", "@/app/gateway.jvm", "-Duser.home=/tmp", "-jar", "/app/quarkus-run.jar"]
