package io.text2video.worker.plan;

/**
 * How much memory a generation may take.
 *
 * @param bytes a generation that needs no more is not asked to save
 * @param most a generation that needs more even when it saves is refused. Where it was not given, mapped weights do not
 *     count against it, since the system drops and reads them again as it must
 * @param given whether it was asked for, or is what there is
 * @param origin the option that asked for it, or where it is found, for people
 */
public record MemoryBudget(long bytes, long most, boolean given, String origin) {
    /** As much as an option says. */
    static MemoryBudget given(MemorySize size, String option) {
        return new MemoryBudget(size.bytes(), size.bytes(), true, option);
    }

    /** Whether it admits what cannot save more. */
    boolean admits(long peak, long held) {
        return (given ? peak : held) <= most;
    }

    @Override
    public String toString() {
        return (bytes == Long.MAX_VALUE ? "any memory" : MemorySize.text(bytes)) + " (" + origin + ")";
    }
}
