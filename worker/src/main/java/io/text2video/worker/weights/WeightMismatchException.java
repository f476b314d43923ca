package io.text2video.worker.weights;

import java.io.IOException;
import java.nio.file.Path;

/** A component's weights do not fit the network that its config describes. */
public final class WeightMismatchException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String key;

    /**
     * @param component the component's directory
     * @param key the tensor's name, or the first one's where several are wrong
     * @param reason what does not fit, with what was expected and what was found
     */
    public WeightMismatchException(Path component, String key, String reason) {
        super(component + ": " + key + " " + reason);
        this.key = key;
    }

    public String key() {
        return key;
    }
}
