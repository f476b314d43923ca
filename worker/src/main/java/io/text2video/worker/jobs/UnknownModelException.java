package io.text2video.worker.jobs;

/** A request for a model that this worker does not have. */
final class UnknownModelException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnknownModelException(String wanted, String loaded) {
        super("the model \"%s\" is not here; this fleet's worker has \"%s\"".formatted(wanted, loaded));
    }
}
