package io.text2video.worker.hub;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** How a {@link LocalHub} misbehaves. By default it does not. */
final class Faults {
    /** Each answer breaks off after so many bytes of content. */
    volatile int cutAfter = Integer.MAX_VALUE;

    /** Each answer claims to have no more than so many bytes. */
    volatile int contentLength = Integer.MAX_VALUE;

    /** Whether the range of a request is obeyed; else all is sent. */
    volatile boolean ranges = true;

    /** ETags of small files are weak. */
    volatile boolean weak;

    /** Small files are behind a redirect on the same host. */
    volatile boolean indirect;

    /** Added to the size that large files are announced with. */
    volatile long announcedMore;

    /** The only token that may read; null when anybody may. */
    volatile String token;

    /** Files that are listed and not there. */
    final Set<String> gone = ConcurrentHashMap.newKeySet();

    /** How often a file is sent with other bytes. */
    final Map<String, Integer> falsifications = new ConcurrentHashMap<>();

    /** Called with the file's name after each piece of it. */
    volatile Consumer<String> afterPiece = name -> {};

    byte[] falsified(String name, byte[] content) {
        if (falsifications.computeIfPresent(name, (key, times) -> times - 1) == null) {
            return content;
        }
        falsifications.remove(name, 0);
        byte[] other = content.clone();
        other[other.length / 2] ^= 1;
        return other;
    }
}
