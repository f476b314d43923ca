package io.text2video.standalone.quality;

import io.text2video.worker.pipeline.Frames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The baseline's pixels, in files of their own until closed: those of 32 videos of CogVideoX-2b would take 1.6 GB. */
final class BaselineVideos implements AutoCloseable {
    private final Path directory;
    private final List<Video> videos = new ArrayList<>();

    private record Video(Path file, int count, int height, int width) {}

    BaselineVideos() throws IOException {
        directory = Files.createTempDirectory("text2video-quality-");
    }

    void add(Frames frames) throws IOException {
        Path file = directory.resolve(videos.size() + ".rgb");
        videos.add(new Video(file, frames.count(), frames.height(), frames.width()));
        Files.write(file, frames.rgb());
    }

    Frames get(int index) throws IOException {
        Video video = videos.get(index);
        return new Frames(video.count(), video.height(), video.width(), Files.readAllBytes(video.file()));
    }

    @Override
    public void close() throws IOException {
        for (Video video : videos) {
            Files.deleteIfExists(video.file());
        }
        Files.delete(directory);
    }
}
