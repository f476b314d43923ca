package io.text2video.worker.kernels;

/**
 * How much one kernel computes. What would take a CPU seconds is computed in bands of rows, so that an {@link Interruption} is
 * heard between them. It goes by shapes alone, and never by a clock: one call gives the same bits each time.
 *
 * @param operations of floating point that a kernel may take for one sample of a batch; within bands it takes one at a time
 */
public record Bands(long operations) {
    /** Whatever there is at once. */
    public static final Bands NONE = new Bands(Long.MAX_VALUE);

    /** A third of a second for two cores at 50 GFLOPS. */
    private static final Bands ON_A_CPU = new Bands(1L << 34);

    static Bands of(Device device) {
        return device.isCuda() ? NONE : ON_A_CPU;
    }

    /**
     * How many rows are computed at once.
     *
     * @param all rows that there are
     * @param each operations of one row
     * @return all of them, or so many that they make bands of about one length
     */
    public int rows(int all, long each) {
        long most = Math.max(1, operations / each);
        if (all <= most) {
            return all;
        }
        long bands = (all + most - 1) / most;
        return Math.toIntExact((all + bands - 1) / bands);
    }
}
