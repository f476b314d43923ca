package io.text2video.gateway.api.creation;

import io.text2video.gateway.api.bodies.StartVideo;

/** What the client calls the fields of the request that was made of its own. */
record SentFields(CreateVideoRequest wanted) {
    private static final String PARAMETERS = "parameters.";

    /** The client's name for a field of the request. */
    String nameOf(String field) {
        String flat = field.startsWith(PARAMETERS) ? field.substring(PARAMETERS.length()) : field;
        return switch (flat) {
            case "width", "height" -> wanted.size() == null ? flat : "size";
            case "num_frames" -> wanted.seconds() == null ? flat : "seconds";
            case "input_video.key" -> video() + ".key";
            case "input_video.strength" -> "strength";
            default -> flat;
        };
    }

    private String video() {
        return wanted.controlVideo() == null ? StartVideo.FIELD : StartVideo.CONTROL;
    }

    /** As it was sent, of the fields whose value is not the request's own. */
    String valueOf(String name) {
        return name.equals("size") ? wanted.size() : wanted.seconds();
    }
}
