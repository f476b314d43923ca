/** The models that the fleet's workers have announced, as this gateway has read them. */
package io.text2video.gateway.models;
