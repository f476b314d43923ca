package io.text2video.worker.hub;

import java.util.Set;

/**
 * What a revision of a repository holds.
 *
 * @param commit 40 hexadecimal digits
 * @param files paths, as the hub names them; not yet trusted
 */
record Listing(String commit, Set<String> files) {
    Listing {
        files = Set.copyOf(files);
    }
}
