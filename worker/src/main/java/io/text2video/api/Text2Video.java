package io.text2video.api;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.LoraRecipe;
import io.text2video.worker.device.NoSuchDeviceException;
import io.text2video.worker.hub.DownloadListener;
import io.text2video.worker.hub.HubCache;
import io.text2video.worker.hub.HubDownload;
import io.text2video.worker.hub.HubSettings;
import io.text2video.worker.hub.ModelLocation;
import io.text2video.worker.hub.ModelReference;
import io.text2video.worker.kernels.DeviceFailedException;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.kernels.KernelException;
import io.text2video.worker.kernels.OutOfMemoryException;
import io.text2video.worker.lora.RecipeFile;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.CollectedFrames;
import io.text2video.worker.pipeline.FrameSink;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.NonFiniteOutputException;
import io.text2video.worker.pipeline.VideoStart;
import io.text2video.worker.plan.InsufficientMemoryException;
import io.text2video.worker.recipe.VideoRecipe;
import io.text2video.worker.tokenizer.Encoding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A loaded text-to-video or image-to-video model: diffusers' {@code CogVideoXPipeline}, with its names.
 *
 * <p>Safe across threads. One generation runs at a time: another thread's call waits for it, and so does {@link #close}. Owns
 * the model's native memory, gigabytes of it with a real model, until it is closed.
 */
public final class Text2Video implements AutoCloseable {
    private static final String OFFLINE = "ai.djl.offline";

    static {
        // The engine's libraries come with the class path; DJL would look for others, and report that it was started.
        if (System.getProperty(OFFLINE) == null) {
            System.setProperty(OFFLINE, "true");
        }
    }

    private final CogVideoXPipeline pipeline;
    private final String model;
    private final Map<String, LoraRecipe> recipes;
    private final ReentrantLock lock = new ReentrantLock(true);
    private boolean closed;

    private Text2Video(CogVideoXPipeline pipeline, String model, Map<String, LoraRecipe> recipes) {
        this.pipeline = pipeline;
        this.model = model;
        this.recipes = recipes;
    }

    /**
     * Loads a model to run as suits this machine: on a GPU where one can be used, else on the CPU.
     *
     * @param model a directory in diffusers' layout, or {@code org/name[@revision]} of the Hugging Face hub, whose files are in
     *     its cache: by {@link #download}, {@code hf download} or {@code text2video download}
     * @throws ModelLoadingException when it is not there, or cannot be run, saying why and the way out
     */
    public static Text2Video load(String model) throws ModelLoadingException {
        return load(model, options -> {});
    }

    /** The same of a directory. */
    public static Text2Video load(Path directory) throws ModelLoadingException {
        return load(directory.toString());
    }

    /** The same of a directory. */
    public static Text2Video load(Path directory, Consumer<LoadOptions> options) throws ModelLoadingException {
        return load(directory.toString(), options);
    }

    /**
     * The same with options.
     *
     * @throws InvalidOptionException naming an option that no model and no machine takes
     */
    public static Text2Video load(String model, Consumer<LoadOptions> options) throws ModelLoadingException {
        var wanted = new LoadOptions();
        options.accept(wanted);
        try {
            ModelLocation location = ModelLocation.resolve(model, System.getenv());
            Map<String, LoraRecipe> recipes = RecipeFile.read(wanted.loras());
            var pipeline = CogVideoXPipeline.load(
                    location.directory(), wanted.loras(), wanted.pipelineOptions(), Text2Video::orInterrupted);
            return new Text2Video(pipeline, location.id(), recipes);
        } catch (IOException | NoSuchDeviceException | KernelException | OutOfMemoryException e) {
            throw new ModelLoadingException(e);
        }
    }

    /**
     * Fetches what of a model is missing in the Hugging Face cache. {@code HF_HOME}, {@code HF_TOKEN} and their like are
     * obeyed, as by {@code hf download}; a download that was stopped goes on.
     *
     * @param model {@code org/name[@revision]}
     * @param progress told of bytes that are here and of all, by several threads
     * @return the model's directory, for {@link #load(Path)}
     * @throws InvalidOptionException when that is no model's name
     * @throws ModelLoadingException when it cannot be had, saying why
     * @throws InterruptedException when the thread is interrupted
     */
    public static Path download(String model, DownloadProgress progress)
            throws ModelLoadingException, InterruptedException {
        ModelReference.Repository repository;
        try {
            repository = ModelReference.Repository.of(model);
        } catch (IllegalArgumentException e) {
            throw new InvalidOptionException("model", "\"%s\": %s".formatted(model, e.getMessage()), e);
        }
        DownloadListener listener = now -> progress.at(now.bytes(), now.allBytes());
        try {
            Map<String, String> environment = System.getenv();
            var hub =
                    new HubDownload(HubSettings.of(environment), HubCache.of(environment), HubDownload.DEFAULT_WORKERS);
            return hub.fetch(repository, listener).directory();
        } catch (IOException e) {
            throw new ModelLoadingException(e);
        }
    }

    /** Told how a download gets on. */
    @FunctionalInterface
    public interface DownloadProgress {
        /**
         * Bytes have come.
         *
         * @param bytes here, those that were here before included
         * @param allBytes of all files known so far
         */
        void at(long bytes, long allBytes);
    }

    /** What the model is called: {@code org/name}, or its directory's name. */
    public String model() {
        return model;
    }

    /** Draws a video with all that the model was published to be run with. As {@link #generate(String, Consumer)}. */
    public GeneratedVideo generate(String prompt) {
        return generate(prompt, options -> {});
    }

    /**
     * Draws a video, on this thread, which is busy with it for seconds or minutes. The same model, options and seed give the
     * same frames on the same machine.
     *
     * @param prompt what to draw
     * @param options how, where it differs from what the model was published to be run with; callbacks too
     * @return the video, whose pixels are on the heap
     * @throws InvalidOptionException naming an option that this model cannot serve, its value and the nearest that it can
     * @throws GenerationFailedException when there is too little memory, or nothing to show came out
     * @throws CancellationException when {@link VideoOptions#cancelWhen} said so, or the thread was interrupted; the model
     *     can be used on
     * @throws IllegalStateException after {@link #close}, and from a callback of this very model
     */
    public GeneratedVideo generate(String prompt, Consumer<VideoOptions> options) {
        var wanted = new VideoOptions();
        options.accept(wanted);
        return alone(() -> {
            Interruption interruption = interruption(wanted);
            VideoStart.Drawn drawn =
                    wanted.start(prompt, pipeline.description(), recipes, () -> interruption.check("video"));
            GenerationParameters parameters = drawn.parameters();
            var frames = new CollectedFrames(parameters.withNumFrames(drawn.frames()));
            Generation generation = pipeline.generate(
                    parameters,
                    interruption,
                    (step, steps) -> wanted.stepProgress().at(step, steps),
                    wanted.previewSink(),
                    decoding(parameters.numFrames(), drawn.into(frames), wanted.frameProgress()));
            return new GeneratedVideo(parameters, frames.frames(), generation, recipe(prompt, wanted, drawn));
        });
    }

    private Optional<String> recipe(String prompt, VideoOptions wanted, VideoStart.Drawn drawn) {
        return wanted.isRecipeEmbedded() && !drawn.isFromVideo()
                ? VideoRecipe.json(model, prompt, drawn.parameters(), pipeline)
                : Optional.empty();
    }

    /**
     * Encodes a prompt ahead, diffusers' {@code encode_prompt}: the next {@link #generate} of it begins with its first step.
     * The last 32 prompts are kept. Where memory is short nothing is encoded ahead, and the result is the same.
     *
     * @param options of the generation that is to come: whether it has a negative prompt, and guidance to use it
     * @return what the text encoder reads of the prompt
     */
    public EncodedPrompt encodePrompt(String prompt, Consumer<VideoOptions> options) {
        var wanted = new VideoOptions();
        options.accept(wanted);
        return alone(() -> {
            pipeline.prepare(wanted.resolve(prompt, pipeline.description(), recipes), interruption(wanted));
            Encoding encoding = pipeline.tokenize(prompt);
            return new EncodedPrompt(encoding.pieces(), encoding.truncatedTokens(), encoding.truncatedText());
        });
    }

    /** The same for a generation without options. */
    public EncodedPrompt encodePrompt(String prompt) {
        return encodePrompt(prompt, options -> {});
    }

    /**
     * Gives back the model's memory, after the generation that runs. A second call does nothing.
     *
     * @throws IllegalStateException from a callback of this very model
     */
    @Override
    public void close() {
        requireNoCallback();
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                pipeline.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** One at a time, and with exceptions of this package. */
    private <T> T alone(Supplier<T> work) {
        requireNoCallback();
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
        try {
            if (closed) {
                throw new IllegalStateException("%s is closed; load it again".formatted(model));
            }
            return work.get();
        } catch (InvalidGenerationException e) {
            throw new InvalidOptionException(e.field(), e.getMessage(), e);
        } catch (InsufficientMemoryException | OutOfMemoryException e) {
            throw new GenerationFailedException(GenerationFailedException.Reason.OUT_OF_MEMORY, e);
        } catch (NonFiniteOutputException e) {
            throw new GenerationFailedException(GenerationFailedException.Reason.NOTHING_TO_SHOW, e);
        } catch (DeviceFailedException | KernelException e) {
            throw new GenerationFailedException(GenerationFailedException.Reason.ENGINE_FAILED, e);
        } catch (UncheckedIOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted();
            }
            throw new GenerationFailedException(GenerationFailedException.Reason.FILES_UNREADABLE, e);
        } finally {
            lock.unlock();
        }
    }

    private void requireNoCallback() {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException(
                    "%s is drawing, and this is one of its callbacks; do it after generate has returned"
                            .formatted(model));
        }
    }

    private static Interruption interruption(VideoOptions options) {
        return kernel -> {
            orInterrupted(kernel);
            if (options.isCancelled()) {
                throw new CancellationException("the generation was cancelled");
            }
        };
    }

    private static void orInterrupted(String kernel) {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
    }

    private static CancellationException interrupted() {
        return new CancellationException("the thread was interrupted");
    }

    private static FrameSink decoding(int all, FrameSink sink, VideoOptions.Progress progress) {
        var decoded = new AtomicInteger();
        return chunk -> {
            sink.accept(chunk);
            progress.at(decoded.addAndGet(chunk.count()), all);
        };
    }
}
