package io.text2video.worker.jobs;

import io.text2video.common.job.VideoRequest;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.shelf.ModelShelf;
import io.text2video.worker.shelf.ServedModel;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Makes requests ready to be drawn. What is cheap comes first: a request at fault fetches no image and loads no model. */
public final class Assignments {
    private final ModelShelf shelf;
    private final InputImages images;

    public Assignments(ModelShelf shelf, InputImages images) {
        this.shelf = shelf;
        this.images = images;
    }

    /** Ids of the models that are here. */
    Set<String> models() {
        return shelf.ids();
    }

    /**
     * Checks the request, fetches its image and loads its model.
     *
     * @return nothing when the model is not here
     * @throws io.text2video.common.model.InvalidGenerationException when the model cannot serve a value
     * @throws StorageException when the store stays away
     * @throws AbandonedException when the attempt is not to go on
     * @throws IOException when the model does not load
     */
    Optional<Assignment> prepare(Attempt attempt) throws IOException {
        VideoRequest request = attempt.request();
        Optional<ServedModel> found = shelf.find(request.model());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        ServedModel model = found.get();
        GenerationParameters parameters = ModelRequest.resolve(request, model.description());
        if (request.inputReference() != null) {
            parameters = parameters.startingFrom(images.fetch(attempt, request.inputReference()));
        }
        VideoPipeline pipeline = shelf.pipeline(model);
        attempt.checkpoint();
        pipeline.validate(parameters);
        return Optional.of(new Assignment(model.id(), pipeline, parameters));
    }
}
