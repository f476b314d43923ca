package io.text2video.standalone.faults;

import io.text2video.embedded.S3Location;
import io.text2video.worker.files.FileTree;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** S3 in this process, with every change of its objects on record. */
final class RecordingStore implements AutoCloseable {
    static final String ACCESS_KEY = "harness";
    static final String SECRET_KEY = "harness-secret";

    private final Path data;
    private final RecordingBlobs blobs;
    private final S3Proxy server;

    RecordingStore(Path data) throws Exception {
        // Over a relative directory, S3Proxy lists nothing.
        this.data = Files.createDirectories(data.toAbsolutePath().normalize());
        blobs = new RecordingBlobs(new FilesystemNio2BlobStore(this.data.toString()));
        server = S3Proxy.builder()
                .blobStore(blobs)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
                .build();
        server.start();
    }

    int port() {
        return server.getPort();
    }

    RecordingBlobs blobs() {
        return blobs;
    }

    /** Every object of the fleet's bucket by its key. What a worker removes meanwhile is left out. */
    Map<String, byte[]> objects() throws IOException {
        Path bucket = data.resolve(new S3Location("", "", "").bucket());
        Map<String, byte[]> objects = new TreeMap<>();
        if (!Files.exists(bucket)) {
            return objects;
        }
        for (Path file : FileTree.files(bucket)) {
            try {
                objects.put(bucket.relativize(file).toString(), Files.readAllBytes(file));
            } catch (NoSuchFileException e) {
                // Removed since it was listed.
            }
        }
        return objects;
    }

    /** Behind everybody's back. */
    void remove(String key) throws IOException {
        Files.delete(data.resolve(new S3Location("", "", "").bucket()).resolve(key));
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
