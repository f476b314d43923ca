# A worker on an NVIDIA GPU. Build in the repository's root: docker build -f docker/worker-cuda.Dockerfile -t text2video/worker-cuda .
# PyPI's torch is built for CUDA 12.6 and for GPUs from Turing to Hopper. For Blackwell name PyTorch's own index for CUDA
# 12.8: --build-arg TORCH_INDEX_URL=...
# What it is built in, and what it runs on.
ARG MAVEN=maven:3.9.9-eclipse-temurin-17@sha256:f58d59b6273e785ac0a4477f6e9b5ba1d7731c75b906c0f7b34076f1851318cc
ARG PYTHON=python:3.11-slim-bookworm@sha256:528257d48c1da0dcecc2e725d1ae34498d60c965f1241e39cd6a85a8859bdf84
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

FROM ${PYTHON} AS libtorch
ARG TORCH_INDEX_URL=
COPY docker/link-libtorch /usr/local/bin/
# Of what pip brings, only torch's libraries and NVIDIA's are kept.
RUN if [ -n "$TORCH_INDEX_URL" ]; then export PIP_INDEX_URL="$TORCH_INDEX_URL"; fi \
    && pip install --no-cache-dir --target /wheels torch==2.7.1 \
    && mkdir -p /opt/libtorch/torch \
    && rm /wheels/torch/lib/libtorch_python.so /wheels/torch/lib/libshm.so \
    && mv /wheels/torch/lib /opt/libtorch/torch/lib \
    && mv /wheels/nvidia /opt/libtorch/nvidia \
    && if [ -d /wheels/cusparselt ]; then mv /wheels/cusparselt /opt/libtorch/cusparselt; fi \
    && find /opt/libtorch -type d -name include -prune -exec rm -r {} + \
    && link-libtorch /opt/libtorch /opt/libtorch/links

# CUDA's libraries came with the wheel; the driver comes from the host, through NVIDIA's container toolkit.
FROM ${BASE}
WORKDIR /app
# torch/lib finds its neighbours by relative paths, so their places stay as pip lays them out; DJL loads what links names.
COPY --from=libtorch /opt/libtorch /opt/libtorch
COPY models/cogvideox-tiny /models/cogvideox-tiny
COPY models/loras /models/loras
# The libraries change least often, so they come first.
COPY --from=build /src/worker/target/quarkus-app/lib lib
COPY --from=build /src/worker/target/quarkus-app/quarkus-run.jar ./
COPY --from=build /src/worker/target/quarkus-app/quarkus quarkus
COPY --from=build /src/worker/target/quarkus-app/app app
# RUST_FLAVOR: DJL's tokenizers would otherwise fetch a CUDA build of themselves.
# NVIDIA_DRIVER_CAPABILITIES: `video` is NVENC. NVIDIA_TF32_OVERRIDE: fp32 is computed in fp32.
ENV NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility,video \
    PYTORCH_LIBRARY_PATH=/opt/libtorch/links \
    PYTORCH_VERSION=2.7.1 \
    PYTORCH_FLAVOR=cu128 \
    PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True \
    NVIDIA_TF32_OVERRIDE=0 \
    RUST_FLAVOR=cpu \
    WORKER_MODELS=/models/cogvideox-tiny \
    WORKER_LORAS=/models/loras \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_THRESHOLD_=33554432 \
    MALLOC_TRIM_THRESHOLD_=268435456 \
    GOMP_SPINCOUNT=1000 \
    HOME=/tmp \
    LC_ALL=C.UTF-8
USER 10001:10001
EXPOSE 8081
ENTRYPOINT ["java", "-Duser.home=/tmp", "-Dai.djl.offline=true", "-jar", "/app/quarkus-run.jar"]
