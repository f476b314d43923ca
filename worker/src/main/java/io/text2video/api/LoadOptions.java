package io.text2video.api;

import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.device.DeviceRequest;
import io.text2video.worker.kernels.CpuPathChoice;
import io.text2video.worker.pipeline.ComputeType;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.plan.MemorySize;
import io.text2video.worker.quantization.Quantization;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** How a model is loaded, each with what it is where nothing is said. For one thread. */
public final class LoadOptions {
    private ComputeType torchDtype;
    private Quantization quantization;
    private boolean vaeTiling;
    private MemorySize memory;
    private DeviceRequest device = DeviceRequest.AUTO;
    private CpuPathChoice cpuPaths = CpuPathChoice.AUTO;
    private final Map<String, Path> loras = new HashMap<>();

    LoadOptions() {}

    /**
     * What the networks compute in: {@code fp32}, {@code bf16} or {@code fp16}. Else fp32 on a CPU, on a GPU what the model is
     * published in.
     *
     * @throws InvalidOptionException when it is none of these
     */
    public LoadOptions torchDtype(String type) {
        torchDtype = parse("torch_dtype", type, ComputeType::of);
        return this;
    }

    /**
     * Where to compute: {@code auto}, {@code cpu}, {@code cuda}, {@code cuda:N}, or two GPUs for one video, as
     * {@code cuda:0,cuda:1}. Else {@code auto}, which is a GPU where one can be used.
     *
     * @throws InvalidOptionException when it is none of these; whether it is there, loading tells
     */
    public LoadOptions device(String name) {
        device = parse("device", name, DeviceRequest::of);
        return this;
    }

    /**
     * Weights in a byte each: {@code int8}, {@code int8wo}, {@code fp8} or {@code none}, or per component, as in
     * {@code transformer=int8,text_encoder=int8wo}. Else as the checkpoint is.
     *
     * @throws InvalidOptionException when it is none of these
     */
    public LoadOptions quantization(String schemes) {
        quantization = parse("quantization", schemes, Quantization::of);
        return this;
    }

    /** Decodes in tiles: less memory, slightly other pixels. Diffusers' {@code vae.enable_tiling()}. */
    public LoadOptions enableVaeTiling() {
        vaeTiling = true;
        return this;
    }

    /**
     * The most that a generation may take, as {@code 14GiB} or {@code 800MiB}, of a GPU's memory where one computes. Else what
     * there is.
     *
     * @throws InvalidOptionException when it is no amount of memory
     */
    public LoadOptions memory(String size) {
        memory = parse("memory", size, MemorySize::of);
        return this;
    }

    /**
     * Ways of the CPU: {@code auto}, which times them once for this machine and the model's sizes, {@code default}, which are
     * the same on every machine, or parts and their ways, as in {@code linear=mkl,attention=fused}. Else {@code auto}.
     *
     * @throws InvalidOptionException when it is none of these, or not exact here
     */
    public LoadOptions cpuPaths(String paths) {
        cpuPaths = parse("cpu_paths", paths, text -> {
            CpuPathChoice choice = CpuPathChoice.of(text);
            choice.requireUsable();
            return choice;
        });
        return this;
    }

    /**
     * A LoRA that {@link VideoOptions#lora} may name, diffusers' {@code load_lora_weights}. Its file is read by the first
     * generation that does.
     *
     * @param adapterName any
     * @param safetensors its file
     */
    public LoadOptions lora(String adapterName, Path safetensors) {
        loras.put(adapterName, safetensors);
        return this;
    }

    Map<String, Path> loras() {
        return loras;
    }

    /** @throws io.text2video.worker.device.NoSuchDeviceException when a GPU is asked for that cannot be used */
    PipelineOptions pipelineOptions() {
        return new PipelineOptions(
                Optional.ofNullable(torchDtype),
                Optional.ofNullable(quantization),
                vaeTiling,
                Optional.ofNullable(memory),
                DeviceChoice.of(device),
                cpuPaths);
    }

    private static <T> T parse(String option, String value, Function<String, T> parser) {
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException e) {
            throw new InvalidOptionException(option, option + ": " + e.getMessage(), e);
        }
    }
}
