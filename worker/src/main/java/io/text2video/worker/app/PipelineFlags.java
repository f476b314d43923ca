package io.text2video.worker.app;

import io.smallrye.config.Converters;
import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.kernels.CpuPathChoice;
import io.text2video.worker.pipeline.ComputeType;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.plan.MemorySize;
import io.text2video.worker.quantization.Quantization;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a model is loaded and run: the same flags for a worker and for every command that draws. */
public final class PipelineFlags {
    @Mixin
    DeviceFlag device = new DeviceFlag();

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = ComputeTypeConverter.class,
            description = "What the networks compute in: fp32, bf16 or fp16, as diffusers' torch_dtype (WORKER_DTYPE;"
                    + " fp32 on a CPU, on a GPU what the model is published in).")
    ComputeType computeType;

    @Option(
            names = "--quantization",
            paramLabel = "SCHEMES",
            converter = QuantizationConverter.class,
            description = "Weights in a byte each: int8, int8wo, fp8 or none, or per component, as in"
                    + " transformer=int8,text_encoder=int8wo (WORKER_QUANTIZATION; as the checkpoint is).")
    Quantization quantization;

    @Option(
            names = "--vae-tiling",
            description = "Decode in tiles: less memory, slightly other pixels. As diffusers' vae.enable_tiling()"
                    + " (WORKER_VAE_TILING).")
    boolean vaeTiling;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = MemorySizeConverter.class,
            description =
                    "The most that a generation may take, as 14GiB or 800MiB, of a GPU's memory where one computes:"
                            + " it runs the fastest way that fits, in the end with --vae-tiling (WORKER_MEMORY; what there is, without tiles).")
    MemorySize memory;

    @Option(
            names = "--cpu-paths",
            paramLabel = "PATHS",
            converter = CpuPathsConverter.class,
            description = "Ways of the CPU: auto (timed once for this machine and the model's sizes), default, or parts"
                    + " and their ways, as in linear=mkl,attention=fused (WORKER_CPU_PATHS; auto).")
    CpuPathChoice cpuPaths;

    /**
     * For a pipeline in this process.
     *
     * @throws io.text2video.worker.device.NoSuchDeviceException when a GPU is asked for that cannot be used
     */
    public PipelineOptions options() {
        return options(device.choose());
    }

    /** For what is only reckoned, for which GPUs that are asked for need not be there. */
    public PipelineOptions plannedOptions() {
        return options(device.plan());
    }

    /** As {@link DeviceFlag#choose}. */
    public DeviceChoice device() {
        return device.choose();
    }

    private PipelineOptions options(DeviceChoice choice) {
        return options(choice, System.getenv());
    }

    /**
     * With the variables that a worker reads, for what no flag says: a video comes out the same, whoever draws it.
     *
     * @throws IllegalArgumentException naming a variable that has no such value
     */
    PipelineOptions options(DeviceChoice choice, Map<String, String> environment) {
        return new PipelineOptions(
                orVariable(computeType, environment, "WORKER_DTYPE", new ComputeTypeConverter()),
                orVariable(quantization, environment, "WORKER_QUANTIZATION", new QuantizationConverter()),
                orVariable(vaeTiling ? true : null, environment, "WORKER_VAE_TILING", new BooleanConverter())
                        .orElse(false),
                orVariable(memory, environment, "WORKER_MEMORY", new MemorySizeConverter()),
                choice,
                orVariable(cpuPaths, environment, "WORKER_CPU_PATHS", new CpuPathsConverter())
                        .orElse(CpuPathChoice.AUTO));
    }

    private static <T> Optional<T> orVariable(
            T flag, Map<String, String> environment, String name, ITypeConverter<T> converter) {
        String value = environment.getOrDefault(name, "");
        if (flag != null || value.isBlank()) {
            return Optional.ofNullable(flag);
        }
        try {
            return Optional.of(converter.convert(value));
        } catch (Exception e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    /** What was given, as properties of {@link WorkerConfig}. */
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        device.given().ifPresent(given -> settings.put("worker.device", given.toString()));
        if (computeType != null) {
            settings.put("worker.dtype", computeType.label());
        }
        if (quantization != null) {
            settings.put("worker.quantization", quantization.toString());
        }
        if (vaeTiling) {
            settings.put("worker.vae-tiling", "true");
        }
        if (memory != null) {
            settings.put("worker.memory", memory.toString());
        }
        if (cpuPaths != null) {
            settings.put("worker.cpu-paths", cpuPaths.toString());
        }
        return settings;
    }

    /** How many threads compute. */
    public static final class Threads {
        @Spec(Spec.Target.MIXEE)
        CommandSpec spec;

        @Option(
                names = "--threads",
                paramLabel = "N",
                description = "Threads of the native engine (a worker's WORKER_THREADS; one a core).")
        Integer threads;

        /**
         * For this process, before anything is loaded.
         *
         * @throws ParameterException when there would be no thread
         */
        public void apply() {
            Integer wanted = orVariable(threads, System.getenv(), "WORKER_THREADS", Integer::valueOf)
                    .orElse(null);
            if (wanted != null) {
                if (wanted < 1) {
                    throw new ParameterException(spec.commandLine(), "--threads must be positive, but is " + wanted);
                }
                // DJL reads it once, when it loads the engine.
                System.setProperty("ai.djl.pytorch.num_threads", wanted.toString());
            }
        }

        Map<String, String> settings() {
            return threads == null ? Map.of() : Map.of("worker.threads", threads.toString());
        }
    }

    /** As a worker reads its configuration. */
    private static final class BooleanConverter implements ITypeConverter<Boolean> {
        @Override
        public Boolean convert(String value) {
            return Converters.getImplicitConverter(Boolean.class).convert(value);
        }
    }

    static final class ComputeTypeConverter implements ITypeConverter<ComputeType> {
        @Override
        public ComputeType convert(String value) {
            return DeviceFlag.parse(value, ComputeType::of);
        }
    }

    /** For an amount of memory. */
    public static final class MemorySizeConverter implements ITypeConverter<MemorySize> {
        @Override
        public MemorySize convert(String value) {
            return DeviceFlag.parse(value, MemorySize::of);
        }
    }

    static final class CpuPathsConverter implements ITypeConverter<CpuPathChoice> {
        @Override
        public CpuPathChoice convert(String value) {
            return DeviceFlag.parse(value, CpuPathChoice::of);
        }
    }

    /** For a scheme of quantization. */
    public static final class QuantizationConverter implements ITypeConverter<Quantization> {
        @Override
        public Quantization convert(String value) {
            return DeviceFlag.parse(value, Quantization::of);
        }
    }
}
