package io.text2video.worker.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.text2video.worker.hub.HubException.Reason;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * The hub's protocol. Redirects are followed here, because two things depend on them: the token goes to the hub's own
 * origin and nowhere else, and a file's metadata are in the answer that points to the store, not in the store's own.
 * Safe across threads.
 */
final class HubClient {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_REDIRECTS = 10;

    /** The largest repositories' listings have a few. */
    private static final int LARGEST_LISTING = 32 << 20;

    private final HubSettings settings;
    private final HubErrors errors;
    private final ModelReference.Repository repository;
    private final HttpUrl endpoint;
    private final CallsUnderWay underWay = new CallsUnderWay();
    private final OkHttpClient http;
    private final String userAgent;

    HubClient(HubSettings settings, ModelReference.Repository repository) {
        this.settings = settings;
        this.errors = new HubErrors(settings);
        this.repository = repository;
        this.endpoint = HttpUrl.get(settings.endpoint());
        this.http = new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(settings.timeout())
                .readTimeout(settings.timeout())
                .eventListener(underWay)
                .build();
        this.userAgent = "text2video; java/" + Runtime.version().feature();
    }

    /** Ends all requests under way: they throw. */
    void cancel() {
        underWay.cancel();
    }

    void close() {
        http.connectionPool().evictAll();
        http.dispatcher().executorService().shutdown();
    }

    /** What the revision holds now. One attempt. */
    Listing listing() throws IOException {
        HttpUrl url = hub("api", "models")
                .addPathSegments(repository.id())
                .addPathSegment("revision")
                .addPathSegment(repository.revision())
                .build();
        try (Response response = follow(request(url, "GET"), 0)) {
            if (!response.isSuccessful()) {
                throw errors.of(response, repository, "");
            }
            byte[] body = response.body().byteStream().readNBytes(LARGEST_LISTING);
            JsonNode json = JSON.readTree(body);
            String commit = json.path("sha").asText();
            JsonNode siblings = json.path("siblings");
            if (!ModelReference.Repository.isCommit(commit) || !siblings.isArray()) {
                throw unexpected("lists no files of a commit for " + repository);
            }
            Set<String> files = new HashSet<>();
            siblings.forEach(sibling -> files.add(sibling.path("rfilename").asText()));
            return new Listing(commit, files);
        } catch (JsonProcessingException e) {
            throw unexpected("answered with something that is no JSON: " + Printable.of(e.getOriginalMessage()));
        }
    }

    /** What the hub announces of a file. One attempt. */
    RemoteFile file(String commit, String name) throws IOException {
        Request request = request(resolve(commit, name), "HEAD");
        String foundCommit = null;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            try (Response response = http.newCall(request).execute()) {
                foundCommit = foundCommit == null ? response.header("X-Repo-Commit") : foundCommit;
                HttpUrl next = redirect(response);
                if (next != null && sameOrigin(next) && response.header("X-Linked-Etag") == null) {
                    request = request(next, "HEAD");
                    continue;
                }
                if (next == null && !response.isSuccessful()) {
                    throw errors.of(response, repository, name);
                }
                return announced(response, next != null, foundCommit, commit, name);
            }
        }
        throw unexpected("redirects in a circle for " + Printable.of(name));
    }

    private RemoteFile announced(Response response, boolean redirected, String found, String commit, String name)
            throws HubException {
        if (!commit.equals(found)) {
            throw unexpected("names the commit %s for %s instead of %s: is it a hub?"
                    .formatted(Printable.of(found), name, commit));
        }
        String etag = plain(response.header("X-Linked-Etag", response.header("ETag", "")));
        if (!RepositoryFolder.isEtag(etag)) {
            throw unexpected("gives %s the ETag %s, which names no content".formatted(name, Printable.of(etag)));
        }
        String size = response.header("X-Linked-Size", redirected ? null : response.header("Content-Length"));
        if (size == null || !size.matches("[0-9]{1,18}")) {
            throw unexpected("does not tell the size of " + name);
        }
        return new RemoteFile(commit, name, etag, Long.parseLong(size));
    }

    /**
     * The content of a file. One attempt, by way of the hub, since the address in a store that it gives is signed and
     * ages. The caller closes the answer.
     *
     * @param from bytes to leave out at the start
     */
    Response open(RemoteFile file, long from) throws IOException {
        Request request = request(resolve(file.commit(), file.name()), "GET");
        Response response = follow(request, from);
        if (response.isSuccessful() || response.code() == 416) {
            return response;
        }
        try (response) {
            if (response.code() == 403 && !sameOrigin(response.request().url())) {
                throw new TransientFailure(response.request().url().host() + " no longer takes its address", null);
            }
            throw errors.of(response, repository, file.name());
        }
    }

    private Response follow(Request first, long from) throws IOException {
        Request request = first;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            if (from > 0) {
                request = request.newBuilder()
                        .header("Range", "bytes=" + from + "-")
                        .build();
            }
            Response response = http.newCall(request).execute();
            HttpUrl next;
            try {
                next = redirect(response);
            } catch (IOException e) {
                response.close();
                throw e;
            }
            if (next == null) {
                return response;
            }
            response.close();
            request = request(next, first.method());
        }
        throw unexpected("redirects in a circle");
    }

    /** Null when the answer is no redirect. */
    private HttpUrl redirect(Response response) throws HubException {
        if (!response.isRedirect()) {
            return null;
        }
        HttpUrl next = response.request().url().resolve(response.header("Location", ""));
        if (next == null) {
            throw unexpected("redirects to no address");
        }
        return next;
    }

    private Request request(HttpUrl url, String method) {
        Request.Builder request = new Request.Builder()
                .url(url)
                .method(method, null)
                .header("User-Agent", userAgent)
                // Sizes and ranges have to be those of the file.
                .header("Accept-Encoding", "identity");
        if (sameOrigin(url)) {
            settings.token().ifPresent(token -> request.header("Authorization", token.authorization()));
        }
        return request.build();
    }

    private boolean sameOrigin(HttpUrl url) {
        return url.scheme().equals(endpoint.scheme())
                && url.host().equals(endpoint.host())
                && url.port() == endpoint.port();
    }

    private HttpUrl resolve(String commit, String name) {
        return endpoint.newBuilder()
                .addPathSegments(repository.id())
                .addPathSegment("resolve")
                .addPathSegment(commit)
                .addPathSegments(name)
                .build();
    }

    private HttpUrl.Builder hub(String... segments) {
        HttpUrl.Builder url = endpoint.newBuilder();
        for (String segment : segments) {
            url.addPathSegment(segment);
        }
        return url;
    }

    /** Without the quotes and the mark of weakness. */
    private static String plain(String etag) {
        return etag.replaceFirst("^W/", "").replaceAll("^\"|\"$", "");
    }

    private HubException unexpected(String what) {
        return new HubException(Reason.UNEXPECTED_ANSWER, settings.endpoint() + " " + what);
    }
}
