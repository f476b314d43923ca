package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.standalone.DecodedVideo.Blob;

/** Whether a video shows what its sentence says. */
final class VideoAssertions {
    /** Pixels of 64 that a shape moves at least; the clips it was trained on move 27 to 32. */
    private static final double TRAVEL = 12;

    private VideoAssertions() {}

    static void assertShows(DecodedVideo video, Sentence sentence) {
        assertThat(video.frames()).as(sentence.prompt()).hasSize(17);
        assertThat(video.frames().get(0).getWidth()).isEqualTo(64);
        assertThat(video.frames().get(0).getHeight()).isEqualTo(64);
        assertThat(video.fps()).isEqualTo(8);

        Blob first = video.blob(1, sentence.background());
        Blob middle = video.blob(8, sentence.background());
        Blob last = video.blob(15, sentence.background());
        String seen = "%s: %s, %s, %s".formatted(sentence, first, middle, last);
        assertThat(middle.pixels()).as(seen).isBetween(100, 1500);
        assertThat(DecodedVideo.nearest(middle.color())).as(seen).isEqualTo(sentence.paint());

        double dx = last.x() - first.x();
        double dy = last.y() - first.y();
        double along = dx * sentence.direction().dx + dy * sentence.direction().dy;
        double across = Math.abs(dx * sentence.direction().dy) + Math.abs(dy * sentence.direction().dx);
        assertThat(along).as(seen).isGreaterThan(TRAVEL);
        assertThat(across).as(seen).isLessThan(along / 2);
    }
}
