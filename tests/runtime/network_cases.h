// Networks of every setting, for whatever computes them.
#pragma once

#include "ecg/model/se_resnet_config.h"

namespace ecg::test {

// A small network, and what sets it apart from others.
struct NetworkCase {
  const char* name;
  void (*set)(model::SeResNetConfig& config);
};
inline constexpr NetworkCase kCases[] = {
    {"Plain", [](model::SeResNetConfig&) {}},
    {"Strided", [](model::SeResNetConfig& c) { c.downsampling = model::Downsampling::kStrided; }},
    {"Scales",
     [](model::SeResNetConfig& c) {
       c.scales = {15, 31};
       c.width = 7;
     }},
    {"ScalesStrided",
     [](model::SeResNetConfig& c) {
       c.scales = {3, 39};
       c.downsampling = model::Downsampling::kStrided;
     }},
    {"LeadIndicator", [](model::SeResNetConfig& c) { c.lead_indicator = true; }},
    {"States",
     [](model::SeResNetConfig& c) {
       c.states = 16;
       c.width = 20;
       c.samples = 2000;
     }},
    {"StatesStrided",
     [](model::SeResNetConfig& c) {
       c.states = 6;
       c.downsampling = model::Downsampling::kStrided;
       c.samples = 4992;
     }},
    {"PeaksOfThePaper", [](model::SeResNetConfig& c) { c.peak_grid = data::PeakGridKind::kPaper; }},
    {"PeaksOfTheAuthors",
     [](model::SeResNetConfig& c) {
       c.peak_grid = data::PeakGridKind::kAuthors;
       c.samples = 992;
     }},
    {"PeaksOfTheAuthorsStrided",
     [](model::SeResNetConfig& c) {
       c.peak_grid = data::PeakGridKind::kAuthors;
       c.downsampling = model::Downsampling::kStrided;
       c.samples = 1000;
     }},
    {"OneChannel", [](model::SeResNetConfig& c) { c.width = 1; }},
    {"OddWidth",
     [](model::SeResNetConfig& c) {
       c.width = 33;
       c.samples = 777;
     }},
    {"OneLeadOneClass",
     [](model::SeResNetConfig& c) {
       c.in_channels = 1;
       c.classes = 1;
       c.samples = 321;
     }},
    {"Short", [](model::SeResNetConfig& c) { c.samples = 2; }},
    {"LongKernels",
     [](model::SeResNetConfig& c) {
       c.kernel = 255;
       c.stem_kernel = 255;
       c.samples = 300;
     }},
    {"ShortKernels",
     [](model::SeResNetConfig& c) {
       c.kernel = 1;
       c.stem_kernel = 1;
     }},
    {"SixStages",
     [](model::SeResNetConfig& c) {
       c.blocks = {1, 1, 1, 1, 1, 1};
       c.width = 4;
     }},
    {"OneStage", [](model::SeResNetConfig& c) { c.blocks = {2}; }},
};

inline model::SeResNetConfig ConfigOf(const NetworkCase& of) {
  model::SeResNetConfig config;
  config.width = 8;
  config.blocks = {1, 2, 1, 1};
  config.samples = 500;
  of.set(config);
  config.Validate().value();
  return config;
}

}  // namespace ecg::test
