package io.text2video.standalone.faults;

/** What is promised of every job, whatever happens to the fleet. */
@FunctionalInterface
interface Promise {
    /** Tells {@code broken} of each way in which it was not kept. */
    void check(JobHistory job, Broken broken);

    @FunctionalInterface
    interface Broken {
        void tell(Violation.Kind kind, String text);
    }
}
