"""BlazePose from its two TFLite files, run in JAX."""
