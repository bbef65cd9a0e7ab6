#include <cstdio>

#include "ecg/challenge/challenge.h"
#include "ecg/core/version.h"

int main() {
  std::printf("%s %zu\n", ecg::Version().c_str(), ecg::challenge::Classes2021().size());
  return ecg::challenge::Classes2021().size() == 26 ? 0 : 1;
}
