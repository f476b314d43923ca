package io.text2video.worker.jobs;

import io.text2video.common.job.InputReference;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.ModelLimits;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.pipeline.VideoStart;
import io.text2video.worker.prompt.PromptEnhancementException;
import io.text2video.worker.shelf.ModelShelf;
import io.text2video.worker.shelf.ServedModel;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Makes requests ready to be drawn. What is cheap comes first: a request at fault fetches nothing and loads no model. */
public final class JobPlanner {
    private final ModelShelf shelf;
    private final InputImageReader images;
    private final InputVideoReader videos;
    private final EnhancedPrompts prompts;
    private final JobEstimates estimates;

    public JobPlanner(
            ModelShelf shelf,
            InputImageReader images,
            InputVideoReader videos,
            EnhancedPrompts prompts,
            JobEstimates estimates) {
        this.shelf = shelf;
        this.images = images;
        this.videos = videos;
        this.prompts = prompts;
        this.estimates = estimates;
    }

    /**
     * What a request asks for, with its image or video, for a model that need not be loaded.
     *
     * @param textEncoding how long the prompt was encoded ahead; zero where that is left to the generation
     */
    record Plan(ServedModel model, VideoStart.Drawn drawn, Duration textEncoding) {
        GenerationParameters parameters() {
            return drawn.parameters();
        }

        private Plan encodedIn(Duration time) {
            return new Plan(model, drawn, time);
        }
    }

    /** Ids of the models that are here. */
    Set<String> models() {
        return shelf.ids();
    }

    /** The model that the request asks for; nothing when it is not here. */
    Optional<ServedModel> find(VideoRequest request) {
        return shelf.find(request.model());
    }

    /**
     * Checks the request, fetches its image or video, and has its prompt written out, where that is asked for. May be called
     * beside {@link #load} of another attempt.
     *
     * @throws UnknownModelException when the model is not here
     * @throws io.text2video.common.model.InvalidGenerationException when the model cannot serve a value, or not in the time
     *     that a job may take
     * @throws PromptEnhancementException when the prompt has to be enhanced, and is not
     * @throws StorageException when the store stays away
     * @throws AbandonedException when the attempt is not to go on
     */
    Plan plan(Attempt attempt) throws IOException {
        VideoRequest request = attempt.request();
        ServedModel model = find(request).orElseThrow(() -> new UnknownModelException(request.model(), models()));
        GenerationParameters parameters = ModelRequest.resolve(request, model.description(), model.recipes());
        ModelLimits limits = model.description().limits();
        estimates.check(model, ModelRequest.least(request, parameters, limits));
        Optional<VideoStart> start = ModelRequest.start(request, parameters, limits);
        VideoStart.Drawn drawn = start.isPresent()
                ? fromVideo(attempt, model, start.get())
                : new VideoStart.Drawn(withImage(attempt, parameters), null);
        return new Plan(model, drawn.withPrompt(prompts.of(attempt)), Duration.ZERO);
    }

    private GenerationParameters withImage(Attempt attempt, GenerationParameters parameters) throws IOException {
        InputReference image = attempt.request().inputReference();
        return image == null ? parameters : parameters.startingFrom(images.fetch(attempt, image));
    }

    private VideoStart.Drawn fromVideo(Attempt attempt, ServedModel model, VideoStart start) throws IOException {
        VideoStart.Drawn drawn = start.of(videos.fetch(attempt, start));
        estimates.check(model, drawn.parameters().size());
        return drawn;
    }

    /**
     * Encodes the plan's prompt where its model is loaded, which it may be for another job that is drawn meanwhile.
     *
     * @throws io.text2video.common.model.InvalidGenerationException when the model cannot serve a value
     * @throws AbandonedException when the attempt is not to go on
     */
    Plan encodeText(Attempt attempt, Plan plan) {
        Optional<VideoPipeline> pipeline = shelf.loaded(plan.model());
        if (pipeline.isEmpty()) {
            return plan;
        }
        long start = System.nanoTime();
        pipeline.get().prepare(plan.parameters(), kernel -> attempt.checkpoint());
        return plan.encodedIn(Duration.ofNanos(System.nanoTime() - start));
    }

    /**
     * Loads the plan's model, and checks the plan against it.
     *
     * @throws io.text2video.common.model.InvalidGenerationException when the model cannot serve a value, or not in the time
     *     that a job may take
     * @throws AbandonedException when the attempt is not to go on
     * @throws IOException when the model does not load
     */
    VideoPipeline load(Attempt attempt, Plan plan) throws IOException {
        VideoPipeline pipeline = shelf.pipeline(plan.model(), weight -> attempt.checkpoint());
        attempt.checkpoint();
        // What was not known before the model was loaded for the first time.
        estimates.checkLoaded(plan.model(), plan.parameters());
        pipeline.validate(plan.parameters());
        return pipeline;
    }

    /** Seconds that the plan is reckoned to take; null where they are not known. */
    Double estimate(Plan plan) {
        return estimates.seconds(plan.model(), plan.parameters());
    }

    /** A job that was planned here is drawn. Waits for nobody. */
    void measured(JobStage.Drawn drawn) {
        estimates.measured(drawn);
    }

    /** Tells the gateways what was learned from it. May wait for the broker. */
    void tellNews(JobStage.Drawn drawn) {
        estimates.tellNews(drawn);
    }
}
