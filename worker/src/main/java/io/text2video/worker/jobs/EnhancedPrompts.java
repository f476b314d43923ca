package io.text2video.worker.jobs;

import io.text2video.common.job.VideoRequest;
import io.text2video.common.lifecycle.DrawnPrompt;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.worker.prompt.PromptEnhancementException;
import io.text2video.worker.prompt.PromptEnhancer;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What is drawn of a request whose prompt is to be enhanced. The first attempt fixes it in the job's folder, that it failed
 * too: every other one draws the same.
 */
public final class EnhancedPrompts {
    private static final Logger LOG = Logger.getLogger(EnhancedPrompts.class);

    private final Optional<PromptEnhancer> enhancer;
    private final VideoArchive archive;

    /** @param enhancer nothing where this worker has none */
    public EnhancedPrompts(Optional<PromptEnhancer> enhancer, VideoArchive archive) {
        this.enhancer = enhancer;
        this.archive = archive;
    }

    /**
     * What the attempt is to draw: the request's prompt, where that is not to be enhanced.
     *
     * @throws InvalidGenerationException when it is to be, and this worker has no language model
     * @throws PromptEnhancementException when it has to be, and is not
     * @throws StorageException when the store stays away
     * @throws AbandonedException when the attempt is not to go on
     */
    String of(Attempt attempt) throws StorageException, PromptEnhancementException {
        VideoRequest request = attempt.request();
        if (!request.parameters().wantsEnhancement()) {
            return request.prompt();
        }
        PromptEnhancer writer =
                enhancer.orElseThrow(() -> new InvalidGenerationException("enhance_prompt", PromptEnhancer.MISSING));
        Optional<DrawnPrompt> fixed = archive.prompt(attempt.id(), attempt::pause);
        DrawnPrompt drawn = fixed.isPresent()
                ? fixed.get()
                : archive.fixPrompt(attempt.id(), write(writer, attempt), attempt::pause);
        return Objects.requireNonNullElse(drawn.enhanced(), request.prompt());
    }

    private static DrawnPrompt write(PromptEnhancer writer, Attempt attempt) throws PromptEnhancementException {
        VideoRequest request = attempt.request();
        try {
            return new DrawnPrompt(writer.enhance(request.prompt(), attempt::pause));
        } catch (PromptEnhancementException e) {
            if (Boolean.TRUE.equals(request.parameters().enhancePromptRequired())) {
                throw e;
            }
            LOG.warnf("prompt not enhanced, drawn as it is %s reason=%s", attempt, e.getMessage());
            return new DrawnPrompt(null);
        }
    }
}
