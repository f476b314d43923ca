package io.text2video.gateway.storage;

import io.text2video.common.storage.S3Config;
import io.text2video.embedded.FreePort;
import java.io.IOException;

/** A client of an object store where nobody listens. */
public final class StoreAway {
    private StoreAway() {}

    public static InputImages images() throws IOException {
        return new InputImages(store());
    }

    public static StoredEnds ends() throws IOException {
        return new StoredEnds(store());
    }

    private static VideoStore store() throws IOException {
        return new VideoStore(new Nowhere("http://127.0.0.1:" + FreePort.find()));
    }

    private record Nowhere(String endpoint) implements S3Config {
        @Override
        public String accessKey() {
            return "nobody";
        }

        @Override
        public String secretKey() {
            return "nothing-to-hide";
        }

        @Override
        public String bucket() {
            return "text2video";
        }

        @Override
        public String region() {
            return "us-east-1";
        }
    }
}
