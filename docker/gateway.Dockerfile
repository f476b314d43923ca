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
USER 10001:10001
EXPOSE 8080
# The heap is full of jobs' states, which stay: the collector that Java takes in a small container would stop everything to go
# through it; this one promotes at once what it finds alive, and stops for a few milliseconds at a time.
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=10", "-XX:+UnlockExperimentalVMOptions", "-XX:G1NewSizePercent=2", "-XX:MaxTenuringThreshold=0", "-Duser.home=/tmp", "-jar", "/app/quarkus-run.jar"]
