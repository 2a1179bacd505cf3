/** Weights of linear networks: their storage in panels of hidden units, and their initial values. */
package org.mixdyn.kernel.network;
