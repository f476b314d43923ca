package io.text2video.worker.hub;

import io.text2video.worker.hub.HubException.Reason;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import okhttp3.Response;

/** What an answer that is no success means. The hub tells the kinds of 401, 403 and 404 apart in a header. */
final class HubErrors {
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;

    private final HubSettings settings;

    HubErrors(HubSettings settings) {
        this.settings = settings;
    }

    /** @param file the file that was asked for; empty when it was the repository */
    IOException of(Response response, ModelReference.Repository repository, String file) {
        int status = response.code();
        String where = response.request().url().host();
        if (status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS || status >= 500) {
            return new TransientFailure("%s answered %d".formatted(where, status), retryAfter(response));
        }
        return switch (response.header("X-Error-Code", "")) {
            case "GatedRepo" ->
                new HubException(
                        Reason.GATED,
                        "%s is gated: accept its licence at %s/%s, then set HF_TOKEN to a token of that account%s"
                                .formatted(repository.id(), settings.endpoint(), repository.id(), tokenState()));
            case "RepoNotFound" -> repositoryNotFound(repository);
            case "RevisionNotFound" ->
                new HubException(
                        Reason.REVISION_NOT_FOUND,
                        "%s has no revision %s".formatted(repository.id(), repository.revision()));
            case "EntryNotFound" ->
                new HubException(Reason.FILE_NOT_FOUND, "%s has no file %s".formatted(repository, Printable.of(file)));
            default -> unnamed(response, repository, file);
        };
    }

    private IOException unnamed(Response response, ModelReference.Repository repository, String file) {
        int status = response.code();
        if (status == 401 || status == 403) {
            return new HubException(
                    Reason.UNAUTHORIZED,
                    "%s answered %d for %s: set HF_TOKEN to a token that may read it%s%s"
                            .formatted(
                                    response.request().url().host(),
                                    status,
                                    repository.id(),
                                    tokenState(),
                                    message(response)));
        }
        if (status == 404) {
            return file.isEmpty()
                    ? repositoryNotFound(repository)
                    : new HubException(
                            Reason.FILE_NOT_FOUND, "%s has no file %s".formatted(repository, Printable.of(file)));
        }
        return new HubException(
                Reason.UNEXPECTED_ANSWER,
                "%s answered %d for %s%s"
                        .formatted(response.request().url().host(), status, repository, message(response)));
    }

    private HubException repositoryNotFound(ModelReference.Repository repository) {
        return new HubException(
                Reason.REPOSITORY_NOT_FOUND,
                "%s has no model %s that may be read: check its name, or, when it is private, set HF_TOKEN%s"
                        .formatted(settings.endpoint(), repository.id(), tokenState()));
    }

    private String tokenState() {
        return settings.token().isPresent() ? " (a token was sent)" : " (no token was sent)";
    }

    private static String message(Response response) {
        String message = response.header("X-Error-Message", "");
        return message.isEmpty() ? "" : ": " + Printable.of(message);
    }

    /** Seconds or a date; null when there is neither. */
    private static Duration retryAfter(Response response) {
        String text = response.header("Retry-After", "").strip();
        if (text.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(Instant.now(), at);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
