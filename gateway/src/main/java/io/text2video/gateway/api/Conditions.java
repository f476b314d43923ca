package io.text2video.gateway.api;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * On what a client makes its request for a file depend (RFC 9110, 13). Files have a strong ETag and no date: conditions of time say
 * nothing about them.
 *
 * @param ifMatch or null, as are the others
 */
record Conditions(String ifMatch, String ifNoneMatch, String range, String ifRange) {
    static final String IF_MATCH = "If-Match";

    private static final String ANY = "*";
    private static final Pattern TAG = Pattern.compile("(W/)?(\"[^\"]*\")");

    static Conditions of(HttpHeaders headers) {
        return new Conditions(
                headers.getHeaderString(IF_MATCH),
                headers.getHeaderString("If-None-Match"),
                headers.getHeaderString("Range"),
                headers.getHeaderString("If-Range"));
    }

    /** Whether it wants a file that is not this one. */
    boolean wantsAnother(String etag) {
        return ifMatch != null && !names(ifMatch, etag, false);
    }

    /** Whether it has this file. */
    boolean has(String etag) {
        return ifNoneMatch != null && names(ifNoneMatch, etag, true);
    }

    /** What it wants of this file; null for all of it, as where it has a part of another. */
    String rangeOf(String etag) {
        return ifRange == null || ifRange.strip().equals(etag) ? range : null;
    }

    /** @param weakly whether {@code W/"x"} counts as {@code "x"}: it stands for a file of the same meaning, not the same bytes */
    private static boolean names(String list, String etag, boolean weakly) {
        if (list.strip().equals(ANY)) {
            return true;
        }
        Matcher tag = TAG.matcher(list);
        while (tag.find()) {
            if (tag.group(2).equals(etag) && (weakly || tag.group(1) == null)) {
                return true;
            }
        }
        return false;
    }
}
