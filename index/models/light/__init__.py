"""A query's vector without torch: numpy over memory-mapped weights, or onnxruntime over an export."""
