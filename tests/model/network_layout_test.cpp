#include "ecg/model/network_layout.h"

#include <gtest/gtest.h>

#include "ecg/model/bundle.h"
#include "ecg/model/safetensors.h"
#include "tests/support.h"

namespace ecg::model {
namespace {

TEST(NetworkLayout, IsThatOfTheModelThatShips) {
  const Bundle bundle = LoadBundle(test::SourcePath("data/models/general")).value();
  const std::vector<TensorView> views = ParseSafetensors(bundle.weights, bundle.path).value();
  const std::vector<TensorInfo> described = TensorsOf(LayOut(bundle.info.architecture));
  ASSERT_EQ(views.size(), described.size());
  for (std::size_t i = 0; i < views.size(); ++i) {
    EXPECT_EQ(views[i].name, described[i].name);
    EXPECT_EQ(views[i].shape, described[i].shape) << views[i].name;
    EXPECT_EQ(views[i].dtype == "I64", described[i].dtype == "I64") << views[i].name;
  }
}

TEST(NetworkLayout, ThePapersNetworkHasItsSize) {
  std::uint64_t learnt = 0;
  for (const TensorInfo& tensor : TensorsOf(LayOut({}))) {
    const bool statistic = tensor.name.find("running_") != std::string::npos ||
                           tensor.name.find("num_batches") != std::string::npos;
    if (!statistic) learnt += tensor.Elements();
  }
  EXPECT_NEAR(static_cast<double>(learnt), 16.77e6, 0.02e6);
}

TEST(NetworkLayout, AnUnboundedNetworkIsRefusedBeforeItIsMade) {
  SeResNetConfig config;
  config.width = 1024;
  config.blocks = {100, 100, 100, 100};
  EXPECT_FALSE(config.Validate().ok());
  config.width = 64;
  config.blocks = {3, 4, 6, 3};
  EXPECT_TRUE(config.Validate().ok());
}

}  // namespace
}  // namespace ecg::model
