// The numbers that features are made of: those of the convolutions.
#pragma once

#include "src/onednn/number.h"

namespace ecg::runtime {

using onednn::Bf16;
using onednn::Number;
using onednn::SizeOf;

}  // namespace ecg::runtime
