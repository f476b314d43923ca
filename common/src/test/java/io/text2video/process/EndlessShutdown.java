package io.text2video.process;

import java.util.concurrent.CountDownLatch;

/** A process whose shutdown never ends. */
final class EndlessShutdown {
    private EndlessShutdown() {}

    public static void main(String... arguments) throws InterruptedException {
        var never = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            SecondSignal.endsAtOnce();
            System.out.println("ending");
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        System.out.println("running");
        never.await();
    }
}
