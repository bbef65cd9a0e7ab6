// What the processor lets oneDNN do, and how many threads it may take for it.
#pragma once

namespace ecg::onednn {

// While one lives, oneDNN works in the calling thread alone: threads are ours to divide. To be held
// wherever something of oneDNN is made or called.
class OneThread {
 public:
  OneThread();
  ~OneThread();
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

// Whether this processor multiplies bf16 natively (AVX512-BF16 or AMX), by tiles (AMX), and whether
// it can at all: elsewhere oneDNN has no convolutions in bf16.
bool HasNativeBf16();
bool HasAmxBf16();
bool CanBf16();

// The largest weight of a convolution of bytes: 127, or 63 where the processor lacks instructions
// for them (VNNI, AMX): there two products are added in 16 bits, which larger weights would pass.
// 0 where oneDNN has no such convolutions but its plain loops.
int LargestByteWeight();

}  // namespace ecg::onednn
