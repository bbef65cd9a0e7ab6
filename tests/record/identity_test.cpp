#include "ecg/record/identity.h"

#include <gtest/gtest.h>

namespace ecg::record {
namespace {

TEST(MayIdentify, KnowsNamesCodesAndDates) {
  for (const char* line : {"Name: Roe",
                           "Patient name = Jane Roe",
                           "PATIENT ID: 123",
                           "MRN: 77",
                           "ID 7: x",
                           "Date of birth: unknown",
                           "<birth date>: 1950",
                           "ECG date: 01/10/1990",
                           "Referring physician: X",
                           "Confirmed by SMITH, JOHN (12)",
                           "reviewed by Dr. No",
                           "compared with 12-MAR-2020",
                           "since 12. März? no: 12.3.20",
                           "2020-03-12",
                           "on 2020/3/12",
                           "March 2020",
                           "12 March 2020",
                           "20200312",
                           "20200312T101112",
                           "20200312101112",
                           "03/12/2020 ST lower"}) {
    EXPECT_TRUE(MayIdentify(line)) << line;
  }
}

TEST(MayIdentify, LeavesWhatIsSaidOfTheHeart) {
  for (const char* line :
       {"", "sinus rhythm", "Unconfirmed diagnosis", "Hx: Unknown", "QT 400 ms, PR 160",
        "filter 0.05-150 Hz, 60 Hz", "426783006", "164889003,59118001", "1.2.3 mV", "axis -30/60",
        "II, III, aVF: ST 0.1 mV", "may be atrial flutter", "rate 72, 10 s", "age: 64"}) {
    EXPECT_FALSE(MayIdentify(line)) << line;
  }
}

}  // namespace
}  // namespace ecg::record
