package io.text2video.gateway.jobs;

/**
 * The open jobs whose newest requests are on one topic.
 *
 * @param waiting that no worker has begun
 * @param running that one has
 */
public record TopicLoad(int waiting, int running) {
    static final TopicLoad NONE = new TopicLoad(0, 0);

    /** Each worker has one that it draws and may take the next one ahead; the first ones come to workers that nobody knows of. */
    private static final int FEWEST_WAITING = 2;

    private static final int WAITING_FOR_EACH_RUNNING = 2;

    /**
     * How many more jobs a pool's topic is to get, so that no worker waits for one: few, as the order of what is on the topic does
     * not change any more. Where nothing runs yet, the number of workers is found by growing with them.
     */
    public int room() {
        return Math.max(FEWEST_WAITING, WAITING_FOR_EACH_RUNNING * running) - waiting;
    }

    TopicLoad plus(TopicLoad other) {
        return new TopicLoad(waiting + other.waiting, running + other.running);
    }
}
