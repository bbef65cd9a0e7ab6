// ECGs in XML made by hand.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ecg::xml::test {

inline std::string Base64(const std::string& bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += i + k <= bytes.size() ? kDigits[group >> (18 - 6 * k) & 63] : '=';
    }
  }
  return text;
}

inline std::string Samples16(const std::vector<int>& values) {
  std::string bytes;
  for (const int value : values) {
    bytes += static_cast<char>(value & 0xFF);
    bytes += static_cast<char>(value >> 8 & 0xFF);
  }
  return bytes;
}

// Leads of samples of their own.
inline std::string MuseWaveform(const std::string& type, const std::vector<std::string>& leads,
                                const std::vector<std::vector<int>>& samples) {
  std::string text = "<Waveform><WaveformType>" + type +
                     "</WaveformType><SampleBase>500</SampleBase><SampleExponent>0</SampleExponent>"
                     "<HighPassFilter>16</HighPassFilter>";
  for (std::size_t k = 0; k < leads.size(); ++k) {
    text += "<LeadData><LeadSampleCountTotal>" + std::to_string(samples[k].size()) +
            "</LeadSampleCountTotal><LeadAmplitudeUnitsPerBit>4.88</LeadAmplitudeUnitsPerBit>"
            "<LeadAmplitudeUnits>MICROVOLTS</LeadAmplitudeUnits><LeadID>" +
            leads[k] + "</LeadID><LeadSampleSize>2</LeadSampleSize><WaveFormData>\n " +
            Base64(Samples16(samples[k])) + "\n</WaveFormData></LeadData>";
  }
  return text + "</Waveform>";
}

// Leads of the same samples.
inline std::string MuseWaveform(const std::string& type, const std::vector<std::string>& leads,
                                const std::vector<int>& samples) {
  return MuseWaveform(type, leads, std::vector<std::vector<int>>(leads.size(), samples));
}

inline std::string Muse(const std::string& waveforms) {
  return "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!DOCTYPE RestingECG SYSTEM "
         "\"restecg.dtd\">\n<RestingECG><PatientDemographics><PatientID>12345</PatientID>"
         "<PatientLastName>Doe</PatientLastName><PatientAge>52</PatientAge><AgeUnits>YEARS"
         "</AgeUnits><Gender>MALE</Gender></PatientDemographics><TestDemographics>"
         "<AcquisitionTime>11:02:33</AcquisitionTime><AcquisitionDate>03-21-2019</AcquisitionDate>"
         "<AcquisitionDevice>MAC55</AcquisitionDevice></TestDemographics>"
         "<RestingECGMeasurements><VentricularRate>61</VentricularRate><PRInterval>164</PRInterval>"
         "<QRSDuration>96</QRSDuration><QTInterval>402</QTInterval><QTCorrected>0</QTCorrected>"
         "<RAxis>-31</RAxis></"
         "RestingECGMeasurements><OriginalRestingECGMeasurements><PRInterval>170"
         "</PRInterval></OriginalRestingECGMeasurements><Diagnosis>"
         "<DiagnosisStatement><StmtFlag>ENDSLINE</StmtFlag><StmtText>Sinus rhythm</StmtText>"
         "</DiagnosisStatement><DiagnosisStatement><StmtText>with</StmtText><StmtFlag>X</StmtFlag>"
         "</DiagnosisStatement><DiagnosisStatement><StmtFlag>ENDSLINE</StmtFlag><StmtText>PVCs"
         "</StmtText></DiagnosisStatement></Diagnosis>" +
         waveforms + "</RestingECG>";
}

// Lempel, Ziv and Welch as the books have it: the longest entry that fits, then a new one.
inline std::vector<int> XliCodes(const std::string& bytes) {
  std::map<std::string, int> entries;
  for (int i = 0; i < 256; ++i) entries[std::string(1, static_cast<char>(i))] = i;
  std::vector<int> codes;
  std::string fits;
  for (const char c : bytes) {
    if (entries.count(fits + c) > 0) {
      fits += c;
      continue;
    }
    codes.push_back(entries[fits]);
    if (entries.size() < 1023) entries.emplace(fits + c, static_cast<int>(entries.size()));
    fits = c;
  }
  if (!fits.empty()) codes.push_back(entries[fits]);
  return codes;
}

// Of each channel a header and bytes as 10-bit codes, packed as recorders do.
inline std::string XliChannel(const std::vector<int>& samples) {
  std::vector<int> differences = samples;
  int last = 0;  // what the decoder takes off its first step
  for (std::size_t i = 2; i < samples.size(); ++i) {
    // The decoder: next = 2 * s[i-1] - s[i-2] - last, then last = d[i] - 64.
    const int needed = 2 * samples[i - 1] - samples[i - 2] - samples[i];
    if (i == 2) last = needed;
    if (i > 2) differences[i - 1] = needed + 64;
  }
  differences.back() = samples.size() > 2 ? 64 : differences.back();
  std::string bytes;
  for (const int value : differences) bytes += static_cast<char>(value >> 8 & 0xFF);
  for (const int value : differences) bytes += static_cast<char>(value & 0xFF);
  std::string packed;
  std::uint32_t buffer = 0;
  int bits = 0;
  const auto put = [&](std::uint32_t code) {
    buffer = buffer << 10 | code;
    for (bits += 10; bits >= 8; bits -= 8) packed += static_cast<char>(buffer >> (bits - 8) & 0xFF);
  };
  for (const int code : XliCodes(bytes)) put(static_cast<std::uint32_t>(code));
  put(1023);
  put(0);
  const std::size_t size = packed.size();
  std::string header;
  for (int i = 0; i < 4; ++i) header += static_cast<char>(size >> (8 * i) & 0xFF);
  header += std::string(2, '\0') + Samples16({last});
  return header + packed;
}

inline std::string Sierra(const std::vector<std::string>& channels, bool packed = true) {
  std::string bytes;
  for (const std::string& channel : channels) bytes += channel;
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><restingecgdata xmlns=\"http://www3.medical."
         "philips.com\"><dataacquisition date=\"2011-12-01\" "
         "time=\"07:27:34\"><machine>MRx</machine>"
         "<signalcharacteristics><samplingrate>500</samplingrate><signalresolution>5"
         "</signalresolution><bitspersample>16</bitspersample></signalcharacteristics>"
         "</dataacquisition><patient><generalpatientdata><patientid>77</patientid><age><years>50"
         "</years></age><sex>Female</sex></generalpatientdata></patient><interpretations>"
         "<interpretation><globalmeasurements><heartrate>48</heartrate><rrint "
         "editedflag=\"True\">1250"
         "</rrint><print>151</print><qtcb>412</qtcb><qrsfrontaxis>Indeterminate</qrsfrontaxis>"
         "</globalmeasurements><statement><leftstatement>Sinus bradycardia</leftstatement>"
         "<rightstatement>rate&lt; 50</rightstatement></statement></interpretation>"
         "</interpretations><waveforms><parsedwaveforms dataencoding=\"Base64\"" +
         std::string(packed ? " compression=\"XLI\"" : " compressflag=\"False\"") + ">" +
         Base64(bytes) + "</parsedwaveforms></waveforms></restingecgdata>";
}

inline std::string AecgLead(const std::string& name, const std::string& origin,
                            const std::string& digits) {
  return "<component><sequence><code code=\"MDC_ECG_LEAD_" + name +
         "\"/><value xsi:type=\"SLIST_PQ\"><origin value=\"" + origin +
         "\" unit=\"uV\"/><scale value=\"2.5\" unit=\"uV\"/><digits>" + digits +
         "</digits></value></sequence></component>";
}

// A series of these leads alone, as text, 500 samples a second.
inline std::string Aecg(const std::vector<std::string>& leads,
                        const std::vector<std::string>& digits) {
  std::string text =
      "<?xml version=\"1.0\"?><AnnotatedECG xmlns=\"urn:hl7-org:v3\" xmlns:xsi=\"x\"><component>"
      "<series><code code=\"RHYTHM\"/><component><sequenceSet><component><sequence><code "
      "code=\"TIME_ABSOLUTE\"/><value xsi:type=\"GLIST_TS\"><head value=\"20021122091000\"/>"
      "<increment value=\"0.002\" unit=\"s\"/></value></sequence></component>";
  for (std::size_t k = 0; k < leads.size(); ++k) text += AecgLead(leads[k], "0", digits[k]);
  return text + "</sequenceSet></component></series></component></AnnotatedECG>";
}

inline std::string Aecg() {
  const std::string time =
      "<component><sequence><code code=\"TIME_ABSOLUTE\"/><value xsi:type=\"GLIST_TS\"><head "
      "value=\"20021122091000\"/><increment value=\"0.002\" unit=\"s\"/></value></sequence>"
      "</component>";
  return "<?xml version=\"1.0\"?><!-- an <example> --><AnnotatedECG xmlns=\"urn:hl7-org:v3\" "
         "xmlns:xsi=\"x\"><effectiveTime><low value=\"20021122091000\"/></effectiveTime>"
         "<componentOf><timepointEvent><componentOf><subjectAssignment><subject><trialSubject>"
         "<subjectDemographicPerson><name>Doe</name><administrativeGenderCode "
         "code=\"M\"/><birthTime "
         "value=\"19530508\"/></subjectDemographicPerson></trialSubject></subject>"
         "</subjectAssignment></componentOf></timepointEvent></componentOf><component><series>"
         "<code code=\"RHYTHM\"/><component><sequenceSet>" +
         time + AecgLead("I", "0", "1 2 -3 4") + AecgLead("AVR", "5", "4\n5 6 7") +
         "</sequenceSet></component><derivation><derivedSeries>"
         "<component><sequenceSet>" +
         time + AecgLead("I", "0", "8 9") +
         "</sequenceSet></component></derivedSeries></derivation><subjectOf><annotationSet>"
         "<component><annotation><code code=\"MDC_ECG_INTERPRETATION_STATEMENT\"/><value>Normal "
         "ECG</value></annotation></component><component><annotation><code code=\"MDC_ECG_RHY\"/>"
         "<value code=\"MDC_ECG_RHY_SINUS_RHY\"/></annotation></component><component><annotation>"
         "<code code=\"MDC_ECG_BEAT\"/><component><annotation><code code=\"MDC_ECG_TIME_PD_PR\"/>"
         "<value value=\"140\" unit=\"ms\"/></annotation></component></annotation></component>"
         "<component><annotation><code code=\"MDC_ECG_TIME_PD_PR\"/><value value=\"0.148\" "
         "unit=\"s\"/></annotation></component></annotationSet></subjectOf></series></component>"
         "</AnnotatedECG>";
}

inline std::string Schiller() {
  return "<?xml version=\"1.0\"?><com.schillerEDI.SchillerEDI><patdata><lastname>Doe</lastname>"
         "<birthdate>19500101</birthdate><gender>FEMALE</gender></patdata><examdescript>"
         "<startdatetime><date>20200102</date><time>101112000</time></startdatetime></examdescript>"
         "<eventdata><event><wavedata><type>ECG_RHYTHMS</type><resolution><samplerate><exponent>1"
         "</exponent><value>500</value></samplerate><yres><unitperbit>2.0</unitperbit><units>UV"
         "</units></yres></resolution><channel><name>I</name><data>1,2,-3</data><datastype>"
         "COMMASEPARATE</datastype></channel><channel><name>AVL</name><data>4,5,6</data></channel>"
         "</wavedata><annotation_global><name>PQ</name><value>174</value></annotation_global>"
         "<annotation_global><name>AXIS_QRS</name><value>0</value></annotation_global>"
         "<annotation_global><name>BP_D</name><value>-</value></annotation_global></event></"
         "eventdata></com.schillerEDI.SchillerEDI>";
}

inline std::string FhirJson(const std::string& origin = "{\"value\": 10, \"unit\": \"uV\"}") {
  return "{\"resourceType\": \"Observation\", \"effectiveDateTime\": "
         "\"2015-02-19T09:30:35+01:00\", \"subject\": {\"display\": \"Doe\"}, \"component\": "
         "[{\"code\": {\"coding\": [{\"display\": \"MDC_ECG_ELEC_POTL_II\"}]}, "
         "\"valueSampledData\": {\"origin\": " +
         origin + ", \"period\": 4, \"factor\": 2.5, \"dimensions\": 1, \"data\": \"1 -2 E 4\"}}]}";
}

inline std::string FhirXml() {
  return "<Observation xmlns=\"http://hl7.org/fhir\"><component><code><coding><display "
         "value=\"MDC_ECG_ELEC_POTL_I\"/></coding></code><valueSampledData><origin><value "
         "value=\"0\"/><unit value=\"mV\"/></origin><period value=\"10\"/><factor value=\"0.5\"/>"
         "<dimensions value=\"1\"/><data value=\"1 2 3\"/></valueSampledData></component>"
         "</Observation>";
}

// A header of a folder with these entries of signals.
inline std::string Unisens(const std::string& entries) {
  return "<?xml version=\"1.0\"?><unisens xmlns=\"http://www.unisens.org/unisens2.0\" "
         "timestampStart=\"2008-07-04T13:27:57.250\" version=\"2.0\"><customAttributes>"
         "<customAttribute key=\"age\" value=\"41\"/><customAttribute key=\"gender\" value=\"F\"/>"
         "<customAttribute key=\"personId\" value=\"Doe\"/></customAttributes>" +
         entries + "<eventEntry id=\"trigger.csv\"/></unisens>";
}

// Two channels of 16 bits.
inline std::string UnisensBinary(const std::string& id, const std::string& order = "LITTLE",
                                 const std::string& scale = "lsbValue=\"0.5\"") {
  return "<signalEntry id=\"" + id +
         "\" contentClass=\"ECG\" dataType=\"int16\" baseline=\"100\" " + scale +
         " sampleRate=\"200\" unit=\"mV\"><binFileFormat endianess=\"" + order +
         "\"/><channel name=\"II\"/><channel name=\"V1\"/></signalEntry>";
}

inline std::string UnisensTable(const std::string& id, const std::string& content = "ECG",
                                const std::string& unit = "uV") {
  return "<signalEntry id=\"" + id + "\" contentClass=\"" + content +
         "\" dataType=\"double\" sampleRate=\"100\" unit=\"" + unit +
         "\"><csvFileFormat separator=\";\" decimalSeparator=\",\"/><channel name=\"I\"/>"
         "</signalEntry>";
}

}  // namespace ecg::xml::test
