package io.text2video.worker.jobs;

import io.text2video.common.job.JobSnapshot;
import io.text2video.common.model.GenerationSize;
import io.text2video.common.model.ModelCost;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.shelf.ModelCosts;
import io.text2video.worker.shelf.ModelShelf;
import io.text2video.worker.shelf.ServedModel;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long jobs take here: reckoned before they are begun, learned from when they are drawn, and told to the gateways when
 * it has changed. Thread-safe.
 */
public final class JobEstimates {
    /** By what part the time of the model's own video must have changed since it was told. */
    private static final double NEWS = 0.1;

    private final ModelShelf shelf;
    private final String topic;
    private final JobPublisher publisher;
    private final JobMetrics metrics;

    /** What the gateways were told, by model. */
    private final Map<String, ModelCost> told = new ConcurrentHashMap<>();

    /**
     * @param shelf whose cards have been announced
     * @param topic of this worker's pool
     */
    public JobEstimates(ModelShelf shelf, String topic, JobPublisher publisher, JobMetrics metrics) {
        this.shelf = shelf;
        this.topic = topic;
        this.publisher = publisher;
        this.metrics = metrics;
        shelf.ids().forEach(id -> shelf.costs().of(id).ifPresent(cost -> told.put(id, cost)));
    }

    /**
     * Checks that the job is done in the time that one may take, if that is known: by what the gateways were told, so that
     * what they have accepted passes.
     *
     * @throws io.text2video.common.model.GenerationTooLargeException when it would take longer
     */
    void check(ServedModel model, GenerationSize size) {
        tellNews(model);
        checkAsTold(model, size);
    }

    /**
     * The same once the model is loaded, on the thread that draws: it tells the gateways only what nobody has told them yet.
     * What jobs have taught, {@link #tellNews} tells.
     */
    void checkLoaded(ServedModel model, GenerationParameters parameters) {
        if (!told.containsKey(model.id())) {
            tellNews(model);
        }
        checkAsTold(model, parameters.size());
    }

    private void checkAsTold(ServedModel model, GenerationSize size) {
        ModelCost cost = told.get(model.id());
        if (cost != null) {
            cost.check(size, model.description().defaults(), model.description().limits());
        }
    }

    /** Seconds of its text encoding, denoising and decoding; null where they are not known. */
    Double seconds(ServedModel model, GenerationParameters parameters) {
        return costs().of(model.id())
                .map(cost -> cost.seconds(parameters.size(), model.description().limits()))
                .map(seconds -> Math.round(seconds * 1e3) / 1e3)
                .orElse(null);
    }

    /** A job is drawn: what it took is compared with what was reckoned, and learned from. */
    void measured(JobStage.Drawn drawn) {
        JobSnapshot job = drawn.job();
        Generation generation = drawn.generation();
        if (generation.reusedSteps() > 0 || drawn.checkpoints().isResumed()) {
            return;
        }
        Duration all = drawn.textEncoding().plus(generation.denoising()).plus(generation.decoding());
        if (job.estimatedSeconds() != null && !all.isZero()) {
            metrics.estimated(job.estimatedSeconds() / (all.toNanos() / 1e9));
        }
        shelf.find(job.model()).ifPresent(model -> costs().measured(
                        model.id(),
                        drawn.parameters().size(),
                        model.description().limits(),
                        drawn.textEncoding(),
                        generation.denoising(),
                        generation.decoding()));
    }

    /** Tells the gateways what was learned from a job, where that is news; may wait for the broker. */
    void tellNews(JobStage.Drawn drawn) {
        shelf.find(drawn.job().model()).ifPresent(this::tellNews);
    }

    private void tellNews(ServedModel model) {
        costs().of(model.id()).filter(cost -> isNews(model, cost)).ifPresent(cost -> {
            told.put(model.id(), cost);
            publisher.announced(shelf.card(model, topic, Instant.now()));
        });
    }

    private boolean isNews(ServedModel model, ModelCost cost) {
        ModelCost before = told.get(model.id());
        if (before == null) {
            return true;
        }
        GenerationSize own = model.description().defaults().size();
        double change = cost.seconds(own, model.description().limits())
                / before.seconds(own, model.description().limits());
        return Math.abs(Math.log(change)) > Math.log1p(NEWS);
    }

    private ModelCosts costs() {
        return shelf.costs();
    }
}
