package io.text2video.gateway.jobs;

/** The view could not be brought up to date in time: the broker is away, or the view is still far behind. */
public final class ViewUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ViewUnavailableException(Throwable cause) {
        super("the state of the jobs could not be brought up to date in time", cause);
    }
}
