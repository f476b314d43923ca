/** From what a client asks for to its jobs: checked, given a model, kept once by its key, submitted. */
package io.text2video.gateway.api.creation;
