package io.text2video.gateway.storage;

import io.text2video.embedded.FreePort;
import io.text2video.embedded.S3Location;
import java.io.IOException;

/** A client of an object store where nobody listens. */
public final class StoreAway {
    private StoreAway() {}

    public static InputImages images() throws IOException {
        return new InputImages(store());
    }

    public static InputVideos videos() throws IOException {
        return new InputVideos(store());
    }

    public static StoredEnds ends() throws IOException {
        return new StoredEnds(store());
    }

    public static FirstAnswers answers() throws IOException {
        return new FirstAnswers(store());
    }

    private static VideoStore store() throws IOException {
        return new VideoStore(new S3Location("http://127.0.0.1:" + FreePort.find(), "nobody", "nothing-to-hide"));
    }
}
