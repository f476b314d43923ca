/** The files of finished videos, from the object store. */
package io.text2video.gateway.content;
