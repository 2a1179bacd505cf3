/** Weights of linear networks: their storage in panels, products over panels, initial values, and the exact reduction of their width. */
package org.mixdyn.kernel.network;
