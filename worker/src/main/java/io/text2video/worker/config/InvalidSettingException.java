package io.text2video.worker.config;

/** A value that breaks a rule; {@link ConfigFile} adds the file's name. */
final class InvalidSettingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    final String field;
    final String value;
    final String reason;

    InvalidSettingException(String field, Object value, String reason) {
        super(field + " (" + value + ") " + reason);
        this.field = field;
        this.value = String.valueOf(value);
        this.reason = reason;
    }
}
