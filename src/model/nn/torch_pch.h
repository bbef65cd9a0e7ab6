// Precompiled for every source that uses LibTorch: the umbrella header costs 15 s and 1.1 GB each.
#pragma once

#include <torch/torch.h>
