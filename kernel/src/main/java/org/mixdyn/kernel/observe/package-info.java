/** Runs a dynamics and keeps what is seen of it: errors, spectra, the reason why it stopped. */
package org.mixdyn.kernel.observe;
