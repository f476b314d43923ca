package io.text2video.worker.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.text2video.common.model.ModelLimits;
import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.device.DeviceRequest;
import io.text2video.worker.kernels.CpuPathChoice;
import io.text2video.worker.pipeline.ComputeType;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.plan.MemorySize;
import io.text2video.worker.prompt.PromptEnhancer;
import io.text2video.worker.quantization.Quantization;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.spi.Converter;

/** One worker. */
@ConfigMapping(prefix = "worker")
public interface WorkerConfig {
    /** Whether this process takes jobs. */
    @WithDefault("true")
    boolean enabled();

    /**
     * The models to serve, the preferred one first: directories of checkpoints in the diffusers layout, or
     * {@code org/name[@revision]} of the Hugging Face hub, in this machine's cache of it. Else
     * {@code models/cogvideox-tiny} in the system property {@code text2video.home}, or in the working directory.
     */
    Optional<List<String>> models();

    /** How many of them are loaded at once, the least recently used one making room; else all. */
    OptionalInt loadedModels();

    /** Where LoRAs are, as {@code MODEL/LORA.safetensors}; else there are none. */
    Optional<Path> loras();

    /** The most pixels of a frame, height times width; else as {@link ModelLimits#within} has it for each model. */
    OptionalInt maxPixels();

    /** The most frames of a video; else as {@link ModelLimits#within} has it for each model. */
    OptionalInt maxFrames();

    /** The longest that a job may be reckoned to take, by what its model takes on this worker; 0 for any time. */
    @WithDefault("2h")
    Duration maxJobTime();

    /** The pool of like workers that it belongs to; else the default one. */
    Optional<String> pool();

    /** As {@link PipelineOptions#computeType}. */
    Optional<ComputeType> dtype();

    /** As {@link PipelineOptions#quantization}. */
    Optional<Quantization> quantization();

    /** As {@link PipelineOptions#vaeTiling}. */
    @WithDefault("false")
    boolean vaeTiling();

    /** As {@link PipelineOptions#memory}. */
    Optional<MemorySize> memory();

    /** As {@link PipelineOptions#cpuPaths}. */
    @WithDefault("auto")
    @WithConverter(CpuPathsConverter.class)
    CpuPathChoice cpuPaths();

    /** Says what there is: of a conversion by name only the value would be told. */
    final class CpuPathsConverter implements Converter<CpuPathChoice> {
        private static final long serialVersionUID = 1;

        @Override
        public CpuPathChoice convert(String value) {
            return CpuPathChoice.of(value);
        }
    }

    /** Where its models run; else where it is best. */
    Optional<DeviceRequest> device();

    /** @throws io.text2video.worker.device.NoSuchDeviceException when a GPU is asked for that cannot be used */
    default DeviceChoice chosenDevice() {
        return DeviceChoice.of(device().orElse(DeviceRequest.AUTO));
    }

    /**
     * How every model is loaded and run.
     *
     * @throws io.text2video.worker.device.NoSuchDeviceException when a GPU is asked for that cannot be used
     */
    default PipelineOptions pipelineOptions() {
        return new PipelineOptions(dtype(), quantization(), vaeTiling(), memory(), chosenDevice(), cpuPaths());
    }

    /** How states and events name this worker; else host name and process id. */
    Optional<String> id();

    /** Threads of the native engine; else one a core. */
    OptionalInt threads();

    /** Whether the next job is taken and prepared when the one that runs is about to end; else after it. */
    @WithDefault("true")
    boolean prefetch();

    /** After so long without a job the process ends in good order, as one that was started for the jobs there are; 0 for never. */
    @WithDefault("0s")
    Duration idleTimeout();

    /**
     * A job is given up after so many attempts that neither ended in good order nor made progress: that kept no state in the
     * object store which goes further than those before.
     */
    @WithDefault("3")
    int maxAttempts();

    /** A job is given up after so many attempts that did not end in good order, though they made progress. */
    @WithDefault("100")
    int maxInterruptions();

    /** How often a job is tried again after failures that may pass: a store away, memory short, a broken native call. */
    @WithDefault("5")
    int retries();

    /** The longest wait before the first retry; it doubles each time, and a random part of it is waited. */
    @WithDefault("10s")
    Duration retryDelay();

    /** It doubles up to this. */
    @WithDefault("10m")
    Duration retryDelayMax();

    /** How long to wait for Kafka and the object store at the start, before the process ends with an error. */
    @WithDefault("2m")
    Duration startTimeout();

    /**
     * How long a job waits for the object store, or for a broker that does not take its end, with what it has drawn on the
     * disk, before that is a failure.
     */
    @WithDefault("12h")
    Duration storageTimeout();

    /** After how many denoising steps the job's state is kept in the object store, from where another worker goes on when
     * this one is lost; 0 for never. */
    @WithDefault("5")
    int checkpointSteps();

    /** Whether files tell how they were drawn, of jobs that do not say. */
    @WithDefault("true")
    boolean embedRecipe();

    /** Whether clients can see what a job looks like while it is drawn, at most once a second. */
    @WithDefault("true")
    boolean previews();

    /** How many frames a preview shows side by side, 1 to 16: the middle one, or so many from the first to the last. */
    @WithDefault("1")
    int previewFrames();

    /** Whether the event that tells of a preview carries it: whoever reads the topic of events sees it then. */
    @WithDefault("false")
    boolean previewEvents();

    /**
     * A generation that makes no progress for so long, no step and no frames, has hung: the process prints its threads and
     * ends with exit code {@value io.text2video.worker.watchdog.ProcessEnd#HUNG}. Must be longer than the longest step, the
     * first with its text encoding included; 0 for never. Loading a model may take any time.
     */
    @WithDefault("10m")
    Duration watchdog();

    /** How long the job that runs may take to come to its next step, or one that is drawn to be stored, when the process is
     * to stop. */
    @WithDefault("25s")
    Duration stopGrace();

    /** With less free where temporary files are put ({@code java.io.tmpdir}), it takes no job and is not ready. */
    @WithDefault("256MiB")
    MemorySize minFreeDisk();

    /** The language model that writes out the prompts of jobs which ask for that. */
    Enhancer enhancer();

    /** An endpoint that speaks OpenAI's chat completions. */
    interface Enhancer {
        /** What comes before {@code /chat/completions}, such as {@code http://localhost:8000/v1}; else prompts are not enhanced. */
        Optional<URI> url();

        /** The model's name there. */
        Optional<String> model();

        /** Sent as a bearer token; else none is. */
        Optional<String> apiKey();

        /** How long a prompt may take, further tries included. */
        @WithDefault("30s")
        Duration timeout();

        /** @throws IllegalArgumentException naming a variable that is missing or of no use */
        default Optional<PromptEnhancer> promptEnhancer() {
            return url().map(url -> new PromptEnhancer(
                    url,
                    model().orElseThrow(
                                    () -> new IllegalArgumentException(
                                            "WORKER_ENHANCER_URL is given without WORKER_ENHANCER_MODEL: name the model that is to write")),
                    apiKey(),
                    timeout()));
        }
    }

    /** Whether this process ends when its standard input does, as that of whoever started it and may be killed. */
    @WithDefault("false")
    boolean endWithInput();
}
