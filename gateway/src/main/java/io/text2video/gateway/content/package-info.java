/** Files in the object store: those of finished videos, and the images that videos start from. */
package io.text2video.gateway.content;
