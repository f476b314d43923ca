package io.text2video.worker.files;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where a machine keeps what is cheap to lose: what was once measured or fitted, by whatever it depends on. */
public final class CacheDirectory {
    private CacheDirectory() {}

    /**
     * {@code TEXT2VIDEO_CACHE}, else {@code text2video} in {@code XDG_CACHE_HOME} or {@code ~/.cache}. It need not be there.
     *
     * @param environment the process's variables
     * @return empty where they name none
     */
    public static Optional<Path> of(Map<String, String> environment) {
        return path(environment, "TEXT2VIDEO_CACHE")
                .or(() -> path(environment, "XDG_CACHE_HOME").map(cache -> cache.resolve("text2video")))
                .or(() -> path(environment, "HOME").map(home -> home.resolve(Path.of(".cache", "text2video"))));
    }

    private static Optional<Path> path(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(text -> !text.isBlank())
                .map(Path::of);
    }
}
