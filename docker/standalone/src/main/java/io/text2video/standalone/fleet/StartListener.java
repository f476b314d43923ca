package io.text2video.standalone.fleet;

/** Told how a fleet comes up, for people who wait for it. */
public interface StartListener {
    /**
     * The next part is waited for.
     *
     * @param name {@code broker}, {@code gateway} or {@code model}
     */
    void stage(String name);

    /** Something that may go wrong later. */
    void warning(String text);

    /** The process was told to end before the fleet was up. May come from another thread. */
    void interrupted();
}
